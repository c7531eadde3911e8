"""Who is next: waiting lists and free places as heaps, ordered by each service's rule."""
