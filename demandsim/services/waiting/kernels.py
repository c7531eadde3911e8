"""Waiting lists as heaps in the order of a service's rule, and the moments at which places fall free."""

from __future__ import annotations

from demandsim.compiling import rule
from demandsim.services.tables import BEST_PAID, EASIEST_FIRST, FIRST_COME, NEAREST_CRISIS


@rule
def is_earlier(cases, one, other):
    """Order by moment of arrival; ties by the household's own draw, never by position."""
    if cases[one].arrival != cases[other].arrival:
        return cases[one].arrival < cases[other].arrival
    if cases[one].tie != cases[other].tie:
        return cases[one].tie < cases[other].tie
    return cases[one].row < cases[other].row


@rule
def _pay(line, state, tie):
    """What a case is ranked by: its worth, or what is usual where the provider does not look at pay."""
    return line.worth[state] if tie < line.follows_pay * 4294967296.0 else line.usual_worth


@rule
def is_before(households, cases, line, order, one, other):
    """Whether a service's rule takes one waiting household before another."""
    if order != FIRST_COME:
        house_one = households[cases[one].row]
        house_other = households[cases[other].row]
        state_one = house_one.state[cases[one].need]
        state_other = house_other.state[cases[other].need]
        if order == BEST_PAID:
            pay_one = _pay(line, state_one, cases[one].tie)
            pay_other = _pay(line, state_other, cases[other].tie)
            if pay_one != pay_other:
                return pay_one > pay_other
        elif state_one != state_other:
            return state_one < state_other if order == EASIEST_FIRST else state_one > state_other
        if order == NEAREST_CRISIS and house_one.log_frailty != house_other.log_frailty:
            return house_one.log_frailty > house_other.log_frailty  # the frailest of the worst
    return is_earlier(cases, one, other)


@rule
def push(heap, size, index, households, cases, line, order):
    """Put a case into a heap of ``size`` cases."""
    place = size
    heap[place] = index
    while place > 0:
        above = (place - 1) // 2
        if not is_before(households, cases, line, order, heap[place], heap[above]):
            break
        heap[place], heap[above] = heap[above], heap[place]
        place = above


@rule
def pop(heap, size, households, cases, line, order):
    """Take the next case out of a heap of ``size`` cases."""
    first = heap[0]
    heap[0] = heap[size - 1]
    size -= 1
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and is_before(households, cases, line, order, heap[below + 1], heap[below]):
            below += 1
        if not is_before(households, cases, line, order, heap[below], heap[place]):
            break
        heap[place], heap[below] = heap[below], heap[place]
        place = below
    return first


@rule
def push_time(heap, size, time):
    """Put a moment into a heap of ``size`` moments."""
    place = size
    heap[place] = time
    while place > 0:
        above = (place - 1) // 2
        if heap[place] >= heap[above]:
            break
        heap[place], heap[above] = heap[above], heap[place]
        place = above


@rule
def pop_time(heap, size):
    """Take the earliest moment out of a heap of ``size`` moments."""
    first = heap[0]
    heap[0] = heap[size - 1]
    size -= 1
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= heap[place]:
            break
        heap[place], heap[below] = heap[below], heap[place]
        place = below
    return first
