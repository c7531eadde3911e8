"""What open and ended cases do: their effect, how they end, which needs have help. Rules for one household."""
