/* A line of progress on standard error, for what takes longer than a second.
 *
 * It appears after a second, only in a program that has asked for it, only on a terminal that can erase a line (TERM is
 * set and not "dumb"), and never with NO_COLOR. It is erased at the end. Without it a tick costs a comparison; with it the
 * clock is looked at some hundred times a second, however fast the ticks come. */
#ifndef DIFKIT_BASE_METER_H
#define DIFKIT_BASE_METER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

enum dk_meter_kind { DK_METER_STEPS, DK_METER_BYTES, DK_METER_TIME /* nobody knows how much there is */ };

struct dk_meter {
    char label[64];
    enum dk_meter_kind kind;
    uint64_t total;      /* 0: not known; may be raised while it runs */
    uint64_t next, step; /* what has to be done before the clock is looked at again, and how much that is */
    double started, looked, shown;
    bool visible;
};

/* Lets this process show meters, if standard error is fit for them. */
void dk_meter_allow(void);

/* Begins to measure. `label` says what is done ("reading"); control characters in it are left out. */
void dk_meter_start(struct dk_meter *meter, const char *label, uint64_t total, enum dk_meter_kind kind);
/* Looks at the clock and shows the line when it is time. */
void dk_meter_look(struct dk_meter *meter, uint64_t done);
/* Time passes: for what has no steps to count. */
static inline void dk_meter_beat(struct dk_meter *meter)
{
    if (meter->step > 0)
        dk_meter_look(meter, 0);
}

/* Erases the line. */
void dk_meter_stop(struct dk_meter *meter);

/* So much has been done since the start. */
static inline void dk_meter_tick(struct dk_meter *meter, uint64_t done)
{
    if (done >= meter->next)
        dk_meter_look(meter, done);
}

/* Erases a line that is visible. Safe in a signal handler. */
void dk_meter_erase(void);

/* The text of the line, for `done` after so many seconds. */
void dk_meter_text(const struct dk_meter *meter, uint64_t done, double seconds, struct dk_buffer *out);

/* Seconds of a clock that only goes forward. */
double dk_clock(void);

#endif
