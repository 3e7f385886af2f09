/* Waiting for the server: with a look at the limits of the run ten times a second, and ending what it does when they are
 * passed. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <poll.h>
#include <time.h>

#include "db/postgresql/connection.h"

enum { LOOK_MILLISECONDS = 100 };

static void (*cancel_elsewhere)(void);
static double waited;

void pg_cancel_by(void (*cancel)(void))
{
    cancel_elsewhere = cancel;
}

void pg_cancel(struct pg_db *db)
{
    char said[256];
    PGcancel *cancel;

    if (cancel_elsewhere != NULL) {
        cancel_elsewhere();
        return;
    }
    cancel = pq.PQgetCancel(db->conn);
    if (cancel != NULL) {
        (void)pq.PQcancel(cancel, said, sizeof said);
        pq.PQfreeCancel(cancel);
    }
}

double postgresql_waited(void)
{
    return waited;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Waits until something has come; false when the connection is gone. */
static bool wait_for_input(struct pg_db *db)
{
    struct pollfd wait = {.fd = pq.PQsocket(db->conn), .events = POLLIN};
    double begin = now();
    int ready;

    do {
        ready = poll(&wait, 1, LOOK_MILLISECONDS);
        waited += now() - begin;
        begin = now();
        if (ready == 0 && !db->stopped && db->check != NULL && db->check(db->context)) {
            db->stopped = true;
            pg_cancel(db);
        }
    } while (ready == 0 || (ready < 0 && errno == EINTR));
    return ready > 0 && pq.PQconsumeInput(db->conn);
}

PGresult *pg_wait(struct pg_db *db)
{
    while (pq.PQisBusy(db->conn))
        if (!wait_for_input(db)) {
            db->lost = true;
            return pq.PQgetResult(db->conn); /* says that it is */
        }
    return pq.PQgetResult(db->conn);
}

void pg_drain(struct pg_db *db)
{
    PGresult *result;

    while ((result = pg_wait(db)) != NULL) {
        ExecStatusType kind = pq.PQresultStatus(result);

        pq.PQclear(result);
        if (kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT || kind == PGRES_COPY_BOTH)
            break;
    }
}
