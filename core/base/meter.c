#define _XOPEN_SOURCE 700

#include "base/meter.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

static const double quiet = 1;      /* seconds before the line appears */
static const double often = 0.1;    /* between two changes of it */
static const double glance = 0.005; /* between two looks at the clock, about */

enum { STEP_MOST = 1 << 20 };

/* The process has one standard error: whether it may show a line, and whether one is there now. */
static bool allowed;
static volatile sig_atomic_t visible;

double dk_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void dk_meter_allow(void)
{
    const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");

    allowed = isatty(STDERR_FILENO) == 1 && (refused == NULL || refused[0] == '\0') && terminal != NULL &&
              strcmp(terminal, "dumb") != 0;
}

/* The label without what could move the cursor, at most 40 columns of it. */
static void set_label(struct dk_meter *meter, const char *label)
{
    enum { LABEL_WIDTH = 40 };
    size_t out = 0, fit = dk_text_fit(label, strlen(label), LABEL_WIDTH);

    for (size_t i = 0; i < fit && out + 1 < sizeof meter->label; i++) {
        unsigned char byte = (unsigned char)label[i];

        if (byte == 0xC2 && (unsigned char)label[i + 1] < 0xA0)
            i++; /* U+0080 to U+009F */
        else if (byte >= ' ' && byte != 0x7F)
            meter->label[out++] = label[i];
    }
    if (!dk_text_valid(meter->label, out, &fit))
        out = fit;
    meter->label[out] = '\0';
}

void dk_meter_start(struct dk_meter *meter, const char *label, uint64_t total, enum dk_meter_kind kind)
{
    memset(meter, 0, sizeof *meter);
    meter->kind = kind;
    meter->total = total;
    meter->next = UINT64_MAX;
    if (!allowed)
        return;
    set_label(meter, label);
    meter->next = meter->step = 1;
    meter->started = meter->looked = dk_clock();
}

static void add_amount(struct dk_buffer *out, const struct dk_meter *meter, uint64_t amount)
{
    if (meter->kind == DK_METER_BYTES)
        dk_buffer_format(out, "%.1f", (double)amount / 1e6);
    else
        dk_buffer_format(out, "%" PRIu64, amount);
}

void dk_meter_text(const struct dk_meter *meter, uint64_t done, double seconds, struct dk_buffer *out)
{
    const char *unit = meter->kind == DK_METER_BYTES ? " MB" : "";
    double left;

    if (meter->kind == DK_METER_TIME) {
        dk_buffer_format(out, "%s, %.0f s", meter->label, seconds);
        return;
    }
    if (meter->total > 0 && done > meter->total)
        done = meter->total;
    if (meter->total > 0)
        dk_buffer_format(out, "%3d %%  ", (int)(100 * (double)done / (double)meter->total));
    dk_buffer_format(out, "%s ", meter->label);
    add_amount(out, meter, done);
    if (meter->total > 0) {
        dk_buffer_text(out, " of ");
        add_amount(out, meter, meter->total);
    }
    dk_buffer_text(out, unit);
    if (meter->total == 0 || done == 0)
        return;
    left = seconds * (double)(meter->total - done) / (double)done;
    if (left >= 90)
        dk_buffer_format(out, ", %.0f min left", left / 60);
    else if (left >= 1)
        dk_buffer_format(out, ", %.0f s left", left);
}

/* One write, so that nothing comes in between. */
static void put(const char *text, size_t size)
{
    (void)!write(STDERR_FILENO, text, size);
}

static void show(struct dk_meter *meter, uint64_t done, double seconds)
{
    struct dk_buffer text = {0}, line = {0};
    struct winsize terminal = {0};
    size_t width = 80;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &terminal) == 0 && terminal.ws_col > 0)
        width = terminal.ws_col;
    dk_meter_text(meter, done, seconds, &text);
    dk_buffer_text(&line, "\r");
    dk_buffer_add(&line, text.bytes, dk_text_fit(text.bytes, text.size, width - 1));
    dk_buffer_text(&line, "\033[K");
    meter->visible = true;
    visible = 1;
    put(line.bytes, line.size);
    dk_buffer_free(&line);
    dk_buffer_free(&text);
}

void dk_meter_look(struct dk_meter *meter, uint64_t done)
{
    double now = dk_clock(), passed = now - meter->looked;

    if (passed < glance && meter->step < STEP_MOST)
        meter->step *= 2;
    else if (passed > 4 * glance && meter->step > 1)
        meter->step /= 2;
    meter->next = done + meter->step;
    meter->looked = now;
    if (now - meter->started < quiet || (meter->visible && now - meter->shown < often))
        return;
    meter->shown = now;
    show(meter, done, now - meter->started);
}

void dk_meter_erase(void)
{
    static const char erase[] = "\r\033[K";

    if (!visible)
        return;
    visible = 0;
    put(erase, sizeof erase - 1);
}

void dk_meter_stop(struct dk_meter *meter)
{
    if (meter->visible)
        dk_meter_erase();
    meter->visible = false;
    meter->next = UINT64_MAX;
    meter->step = 0;
}
