/* The need move by hand: the rule of demandsim/needs/step.py for every household of one month.
 *
 * plain_month    works every hazard out in full for every household and need, but for what a glance rules out.
 * screened_month draws first, compares with bounds cached when the household last changed, and works out the rest:
 *                the same plan as the project's kernel, so the ratio shows what writing it in Python costs.
 *
 * Draws are Philox 4x32-10 at the project's addresses: counter (row, month, block, occupant), key (seed, luck).
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { NEEDS = 7, STATES = 5, CRISIS = 4, CHUNK = 2048 };

struct rule {
    double up[NEEDS][STATES - 1], sudden[NEEDS][STATES - 1], down[NEEDS][STATES], exit[NEEDS][STATES];
    int64_t exit_to[NEEDS][STATES];
    uint8_t is_clock[NEEDS][STATES - 1];
    double gradient[NEEDS][STATES - 1], frailty[NEEDS][STATES - 1];
    double duration[NEEDS], relapse[NEEDS], relapse_window;
    double log_coupling[NEEDS][STATES][NEEDS], recovery_exponent, shock_most[NEEDS];
    double exposure[NEEDS][6][4][7]; /* after the household types, a dwelling that nobody lives in */
};

struct household {
    float deprivation, log_frailty;
    int16_t since[NEEDS];
    uint16_t occupant;
    uint8_t state[NEEDS], age_band, tenure, household_type, relapsed;
};

/* The columns that the screen streams through. */
struct screen {
    uint16_t *low, *high, *occupant; /* (NEEDS, n), (NEEDS, n), (n) */
    uint8_t *stale;                  /* bits of the needs whose bounds are outdated */
};

struct month {
    double shock[NEEDS];
    int64_t number;
    uint32_t k0, k1;
};

int64_t size_of_rule(void) { return sizeof(struct rule); }
int64_t size_of_household(void) { return sizeof(struct household); }

static inline void philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1, uint32_t *w)
{
    for (int i = 0; i < 10; i++) {
        uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    w[0] = c0; w[1] = c1; w[2] = c2; w[3] = c3;
}

static inline void couple(const struct rule *r, const uint8_t *state, double *coupling)
{
    for (int e = 0; e < NEEDS; e++) coupling[e] = 0.0;
    for (int c = 0; c < NEEDS; c++)
        if (state[c])
            for (int e = 0; e < NEEDS; e++) coupling[e] += r->log_coupling[c][state[c]][e];
}

struct hazards { double crisis, up, down, leave; };

static inline struct hazards hazards_of(const struct rule *r, const struct household *h, int need, double shock,
                                        double coupling, int month)
{
    struct hazards x = {0.0, 0.0, 0.0, 0.0};
    int s = h->state[need], months = month > h->since[need] ? month - h->since[need] : 0;
    double rise = r->exposure[need][h->age_band][h->tenure][h->household_type] * shock;
    if (s < CRISIS && rise > 0.0) {
        double scale = rise * exp(r->gradient[need][s] * h->deprivation + r->frailty[need][s] * h->log_frailty + coupling);
        if (s == 0 && (h->relapsed >> need & 1) && months < r->relapse_window) scale *= r->relapse[need];
        x.crisis = r->sudden[need][s] * scale;
        x.up = r->up[need][s] * (r->is_clock[need][s] ? 1.0 : scale);
    }
    if (s > 0) {
        double held = r->recovery_exponent * coupling, fall = 1.0;
        if (months > 0 && r->duration[need] != 0.0) held += r->duration[need] * log1p(months / 12.0);
        if (held != 0.0) fall = exp(-held);
        x.down = r->down[need][s] * fall;
        x.leave = r->exit[need][s] * fall;
    }
    return x;
}

static inline int moved(const struct rule *r, struct hazards x, double u, int need, int s)
{
    /* 1 - exp(-x) is below x: most draws need no exponential */
    if (u >= x.crisis + x.up && 1.0 - u >= x.down + x.leave) return s;
    double total = x.crisis + x.up + x.down + x.leave, share = -expm1(-total) / total;
    if (u < share * x.crisis) return CRISIS;
    if (u < share * (x.crisis + x.up)) return s + 1;
    if (1.0 - u < share * x.leave) return (int)r->exit_to[need][s];
    if (1.0 - u < share * (x.leave + x.down)) return s - 1;
    return s;
}

/* Move the needs in mask, all on the states before the month; return the bits of those that moved. */
static inline int move_household(struct household *h, const struct rule *r, const struct month *now,
                                 const uint32_t *word, int mask, int64_t *counts)
{
    double coupling[NEEDS];
    uint8_t after[NEEDS];
    int has_moved = 0;
    couple(r, h->state, coupling);
    for (int need = 0; need < NEEDS; need++) {
        if (!(mask >> need & 1)) continue;
        double u = (word[need] + 0.5) * 0x1p-32;
        struct hazards x = hazards_of(r, h, need, now->shock[need], coupling[need], (int)now->number);
        after[need] = (uint8_t)moved(r, x, u, need, h->state[need]);
        has_moved |= (after[need] != h->state[need]) << need;
    }
    for (int need = 0; need < NEEDS && has_moved >> need; need++) {
        if (!(has_moved >> need & 1)) continue;
        counts[need * STATES + h->state[need]]--;
        counts[need * STATES + after[need]]++;
        h->state[need] = after[need];
        h->since[need] = (int16_t)now->number;
        if (after[need] == 0) h->relapsed |= 1 << need;
    }
    return has_moved;
}

void plain_month(struct household *h, int64_t n, const struct rule *r, const struct month *now, int64_t *counts)
{
    for (int64_t row = 0; row < n; row++) {
        uint32_t word[8];
        philox((uint32_t)row, (uint32_t)now->number, 0, h[row].occupant, now->k0, now->k1, word);
        philox((uint32_t)row, (uint32_t)now->number, 1, h[row].occupant, now->k0, now->k1, word + 4);
        move_household(&h[row], r, now, word, 127, counts);
    }
}

static inline uint16_t threshold(double hazard)
{
    double top = hazard * ((1.0 + 1e-5) * 65536.0);
    return top < 65535.0 ? (uint16_t)top : 65535;
}

static void renew_bounds(const struct household *h, const struct rule *r, const struct screen *s, int64_t row,
                         int64_t n, int month)
{
    double coupling[NEEDS];
    couple(r, h->state, coupling);
    for (int need = 0; need < NEEDS; need++) {
        if (!(s->stale[row] >> need & 1)) continue;
        struct hazards x = hazards_of(r, h, need, r->shock_most[need], coupling[need], month);
        s->low[need * n + row] = threshold((x.crisis + x.up) / fmin(1.0, r->relapse[need]));
        s->high[need * n + row] = threshold(x.down + x.leave);
    }
    s->stale[row] = 0;
}

static void draw_and_compare(const struct screen *s, int64_t n, int64_t first, int rows, const struct month *now,
                             uint8_t *restrict masks)
{
    const uint16_t *restrict low = s->low, *restrict high = s->high, *restrict occupant = s->occupant;
    uint32_t when = (uint32_t)now->number, k0 = now->k0, k1 = now->k1;
    for (int i = 0; i < rows; i++) {
        uint32_t w[8], mask = 0;
        int64_t row = first + i;
        philox((uint32_t)row, when, 0, occupant[row], k0, k1, w);
        philox((uint32_t)row, when, 1, occupant[row], k0, k1, w + 4);
        for (int need = 0; need < NEEDS; need++) {
            uint32_t half = w[need] >> 16;
            mask |= (uint32_t)((half <= low[need * n + row]) | (65535 - half <= high[need * n + row])) << need;
        }
        masks[i] = (uint8_t)mask;
    }
}

void screened_month(struct household *h, int64_t n, const struct rule *r, const struct month *now,
                    const struct screen *s, const uint8_t *touches, int64_t *counts)
{
    uint8_t masks[CHUNK];
    for (int64_t first = 0; first < n; first += CHUNK) {
        int rows = (int)(n - first < CHUNK ? n - first : CHUNK);
        for (int i = 0; i < rows; i++)
            if (s->stale[first + i]) renew_bounds(&h[first + i], r, s, first + i, n, (int)now->number);
        draw_and_compare(s, n, first, rows, now, masks);
        for (int i = 0; i < rows; i++) {
            if (!masks[i]) continue;
            int64_t row = first + i;
            uint32_t word[8];
            if (masks[i] & 15)
                philox((uint32_t)row, (uint32_t)now->number, 0, h[row].occupant, now->k0, now->k1, word);
            if (masks[i] & 112)
                philox((uint32_t)row, (uint32_t)now->number, 1, h[row].occupant, now->k0, now->k1, word + 4);
            int has_moved = move_household(&h[row], r, now, word, masks[i], counts);
            for (int need = 0; need < NEEDS; need++)
                if (has_moved >> need & 1) s->stale[row] |= touches[need];
        }
    }
}
