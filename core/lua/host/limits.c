/* The limits of a run: memory, processor time, output. Of a script they hold for the run; of an interactive session for
 * each entry by itself, and there the user's Ctrl-C stops what runs in the same way. */
#define _XOPEN_SOURCE 700

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <lauxlib.h>

#include "base/interrupt.h"
#include "base/meter.h"
#include "base/standard.h"
#include "base/temporary.h"
#include "lua/binding.h"
#include "lua/host/access.h"
#include "lua/host/run.h"

enum {
    HOOK_INSTRUCTIONS = 10000, /* between two looks at the clock */
    MOMENT_SECONDS = 1,        /* of processor time for what a script does about the error of a limit, before the same */
    GRACE_SECONDS = 3          /* past the limit, until a C function that never returns is ended with the process */
};

/* Seconds of processor time of this process, and those in which it had a server work for it. */
static double processor_time(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0)
        clock_gettime(CLOCK_MONOTONIC, &now); /* a machine without a clock for processes, such as a page's */
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9 + db_waited();
}

/* Ctrl-C ----------------------------------------------------------------------------------------------------------- */

/* A C function gives the hook no chance: end as if there had been no handler. */
static void give_up(int signal_number)
{
    struct sigaction action = {0};

    dk_meter_erase();
    dk_remove_temporaries();
    action.sa_handler = SIG_DFL;
    sigaction(signal_number, &action, NULL);
    (void)raise(signal_number);
}

void limits_catch_interrupts(void)
{
    dk_interrupts_catch(give_up);
}

/* Memory ------------------------------------------------------------------------------------------------------------ */

/* For the handler of a signal, which can reach nothing but a global. */
static volatile sig_atomic_t short_of_memory;

static void trip_memory(struct host *host)
{
    host->memory_tripped = true;
    host->memory_left = 0;
    short_of_memory = 1;
}

bool host_has_memory(const struct host *host, size_t size)
{
    return host == NULL || host->memory_left > size;
}

bool host_take_memory(struct host *host, size_t size)
{
    if (host == NULL)
        return true;
    if (size > host->memory_left) {
        trip_memory(host);
        return false;
    }
    host->memory_left -= size;
    return true;
}

void host_give_memory(struct host *host, size_t size)
{
    if (host != NULL && !host->memory_tripped && !host->limits_off)
        host->memory_left += size;
}

static bool take_for_buffer(void *context, size_t size)
{
    return host_take_memory(context, size);
}

static void give_for_buffer(void *context, size_t size)
{
    host_give_memory(context, size);
}

static size_t left_for_buffers(void *context)
{
    return ((const struct host *)context)->memory_left;
}

void limits_open_purse(struct host *host)
{
    host->purse = (struct dk_purse){take_for_buffer, give_for_buffer, left_for_buffers, host};
    dk_purse_use(&host->purse);
}

/* Lua's allocator, with a limit. Once it has refused, it refuses until the script is over: pcall cannot swallow that. */
void *limits_allocate(void *context, void *block, size_t old_size, size_t new_size)
{
    struct host *host = context;
    size_t old = block != NULL ? old_size : 0;
    void *changed;

    /* One comparison while all is well: memory_left is 0 once a request was refused. */
    if (new_size > old && new_size - old > host->memory_left) {
        trip_memory(host);
        return NULL;
    }
    changed = allocator_change(&host->allocator, block, old, new_size);
    if (changed != NULL || new_size == 0) {
        if (!host->memory_tripped)
            host->memory_left += old - new_size;
    }
    return changed;
}

/* What an entry may ask for: the limit without what the session holds. A session that holds about all of it still gets a
 * little, in which its user can let go of something. */
static size_t memory_for_entry(struct host *host)
{
    size_t limit = host->options.memory_limit;
    size_t held, least = limit / 64;

    if (host->options.trust || limit == 0)
        return SIZE_MAX / 2;
    for (int full = 0; full < 2; full++) {
        held = (size_t)lua_gc(host->state, LUA_GCCOUNT) * 1024 + (size_t)lua_gc(host->state, LUA_GCCOUNTB);
        if (full == 0 && held > limit / 2)
            lua_gc(host->state, LUA_GCCOLLECT);
    }
    return held + least < limit ? limit - held : least;
}

/* Time -------------------------------------------------------------------------------------------------------------- */

static bool is_interrupted(const struct host *host)
{
    return host->options.interactive && dk_interrupts() > 0;
}

static bool time_is_up(const struct host *host)
{
    return host->time_tripped || (host->deadline > 0 && processor_time() > host->deadline);
}

static const char *running_part(const struct host *host)
{
    return host->options.interactive ? "the entry" : "the script";
}

bool limits_tripped(const struct host *host)
{
    return host != NULL && !host->limits_off && (host->memory_tripped || host->time_tripped);
}

static void set_timer(time_t seconds);

/* Looks at the limits. Once one is passed it fires at every instruction: pcall cannot swallow that. */
static void hook(lua_State *L, lua_Debug *level)
{
    struct host *host = host_of(L);
    struct dk_error err;

    (void)level;
    if (!is_interrupted(host) && (host->limits_off || !(host->memory_tripped || time_is_up(host))))
        return;
    lua_sethook(L, hook, LUA_MASKCOUNT, 1);
    if (!host->told && !host->limits_off) {
        host->told = true;
        set_timer(MOMENT_SECONDS);
    }
    if (host->memory_tripped) { /* nothing to make a message of: it is made when the script is over */
        lua_pushnil(L);
        lua_error(L);
    }
    host->time_tripped = !is_interrupted(host);
    (void)limits_failure(host, &err);
    raise_status(L, &err);
}

bool limits_passed(const struct host *host)
{
    return host != NULL && (is_interrupted(host) || (!host->limits_off && time_is_up(host)));
}

void limits_check(lua_State *L)
{
    if (limits_passed(host_of(L)))
        hook(L, NULL);
}

void limits_end(lua_State *L)
{
    if (limits_tripped(host_of(L)))
        hook(L, NULL);
}

static bool check_query(void *context)
{
    return limits_passed(context);
}

dk_status host_prepare_database(lua_State *L, struct db *db, struct dk_error *err)
{
    struct host *host = host_of(L);

    if (host == NULL)
        return DK_OK;
    if (!host->options.trust || host->options.interactive)
        db_on_progress(db, check_query, host);
    if (!host->options.trust && host->options.time_limit > 0 && db_limit_time(db, host->options.time_limit, err) != DK_OK)
        return DK_ERROR;
    return host->options.trust ? DK_OK : db_restrict(db, err);
}

/* The last resort, when a C function (a pattern that backtracks for ever) gives the hook no chance. */
static void end_process(int signal_number)
{
    static const char time[] = "difkit: the script used more than its seconds of processor time and could not be stopped "
                               "in a gentler way; " DK_LIFT_TIME " [limit.processor]\n";
    static const char memory[] =
        "difkit: the script used more than its memory and could not be stopped in a gentler way; " DK_LIFT_MEMORY
        " [limit.memory]\n";

    (void)signal_number;
    dk_meter_erase();
    dk_standard_rescue();
    dk_remove_temporaries();
    if (short_of_memory)
        (void)!write(STDERR_FILENO, memory, sizeof memory - 1);
    else
        (void)!write(STDERR_FILENO, time, sizeof time - 1);
    _exit(DK_LIMIT);
}

static void set_timer(time_t seconds)
{
    struct itimerval timer = {{0, 0}, {0, 0}};

    timer.it_value.tv_sec = seconds;
    setitimer(ITIMER_PROF, &timer, NULL);
}

static void start_clock(struct host *host)
{
    struct sigaction action = {0};

    lua_sethook(host->state, hook, LUA_MASKCOUNT, HOOK_INSTRUCTIONS);
    host->deadline = 0;
    host->told = false;
    short_of_memory = 0;
    action.sa_handler = end_process;
    sigaction(SIGPROF, &action, NULL);
    if (host->options.trust || host->options.time_limit <= 0)
        return;
    host->deadline = processor_time() + host->options.time_limit;
    set_timer((time_t)host->options.time_limit + GRACE_SECONDS);
}

/* Runs and entries -------------------------------------------------------------------------------------------------- */

void limits_start_run(struct host *host)
{
    if (host->options.interactive)
        limits_end_entry(host);
    else if (!host->options.trust)
        start_clock(host);
}

/* The timer of the last resort goes on until the state is closed. */
void limits_end_run(struct host *host)
{
    if (host->told)
        set_timer(GRACE_SECONDS);
    lua_sethook(host->state, NULL, 0, 0);
}

void limits_lift(struct host *host)
{
    host->limits_off = true;
    host->memory_left = SIZE_MAX / 2;
}

void limits_end_timer(struct host *host)
{
    if (host->deadline > 0 || host->told)
        set_timer(0);
    host->deadline = 0;
}

void limits_start_entry(struct host *host)
{
    (void)dk_interrupts_take();
    host->time_tripped = false;
    host->memory_tripped = false;
    host->output = 0;
    host->memory_left = memory_for_entry(host);
    host->limits_off = false;
    start_clock(host);
}

/* Between entries only Ctrl-C is looked for. */
void limits_end_entry(struct host *host)
{
    limits_end_timer(host);
    limits_lift(host);
    (void)dk_interrupts_take();
    lua_sethook(host->state, hook, LUA_MASKCOUNT, HOOK_INSTRUCTIONS);
}

bool limits_failure(const struct host *host, struct dk_error *err)
{
    if (host->memory_tripped) {
        dk_fail(err, DK_LIMIT, "%s used more than %zu MB of memory", running_part(host), host->options.memory_limit >> 20);
        dk_hint(err, DK_LIFT_MEMORY);
    } else if (is_interrupted(host)) {
        dk_fail(err, DK_SCRIPT, "interrupted");
    } else if (host->time_tripped) {
        dk_fail(err, DK_LIMIT, "%s used more than %g seconds of processor time", running_part(host),
                host->options.time_limit);
        dk_hint(err, DK_LIFT_TIME);
    } else {
        return false;
    }
    return true;
}

/* Output ------------------------------------------------------------------------------------------------------------ */

#define output_message "the script printed more than %zu bytes"
#define output_hint "write large results to a file below --out, or lift it with --output-limit SIZE"

void host_count_output(lua_State *L, size_t size)
{
    struct host *host = host_of(L);

    if (host == NULL || host->options.trust)
        return;
    host->output += size;
    if (host->options.output_limit > 0 && host->output > host->options.output_limit && !host->limits_off)
        raise_error(L, DK_LIMIT, output_hint, output_message, host->options.output_limit);
}

size_t host_output_left(const struct host *host)
{
    if (host == NULL || host->options.trust || host->options.output_limit == 0)
        return SIZE_MAX;
    return host->output < host->options.output_limit ? host->options.output_limit - host->output : 0;
}

dk_status host_fail_output(const struct host *host, struct dk_error *err)
{
    dk_fail(err, DK_LIMIT, output_message, host->options.output_limit);
    dk_hint(err, output_hint);
    return DK_ERROR;
}
