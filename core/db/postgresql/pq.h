/* libpq, opened when the first server is named and not linked: it brings a dozen libraries with it, which a program that
 * starts in milliseconds has no use for most of the time. */
#ifndef DIFKIT_DB_POSTGRESQL_PQ_H
#define DIFKIT_DB_POSTGRESQL_PQ_H

#include <libpq-fe.h>

#include "base/error.h"

/* The functions used, by their own names. */
#define PQ_FUNCTIONS(X)                                                                                                     \
    X(PQconninfoOption *, PQconninfoParse, (const char *, char **))                                                         \
    X(PQconninfoOption *, PQconninfo, (PGconn *))                                                                           \
    X(void, PQconninfoFree, (PQconninfoOption *))                                                                           \
    X(void, PQfreemem, (void *))                                                                                            \
    X(PGconn *, PQconnectdbParams, (const char *const *, const char *const *, int))                                         \
    X(ConnStatusType, PQstatus, (const PGconn *))                                                                           \
    X(PGTransactionStatusType, PQtransactionStatus, (const PGconn *))                                                       \
    X(const char *, PQparameterStatus, (const PGconn *, const char *))                                                      \
    X(char *, PQerrorMessage, (const PGconn *))                                                                             \
    X(int, PQconnectionNeedsPassword, (const PGconn *))                                                                     \
    X(int, PQconnectionUsedPassword, (const PGconn *))                                                                      \
    X(int, PQserverVersion, (const PGconn *))                                                                               \
    X(int, PQlibVersion, (void))                                                                                            \
    X(int, PQsslInUse, (PGconn *))                                                                                          \
    X(const char *, PQsslAttribute, (PGconn *, const char *))                                                               \
    X(char *, PQhost, (const PGconn *))                                                                                     \
    X(char *, PQport, (const PGconn *))                                                                                     \
    X(char *, PQdb, (const PGconn *))                                                                                       \
    X(char *, PQuser, (const PGconn *))                                                                                     \
    X(int, PQsocket, (const PGconn *))                                                                                      \
    X(void, PQfinish, (PGconn *))                                                                                           \
    X(PQnoticeReceiver, PQsetNoticeReceiver, (PGconn *, PQnoticeReceiver, void *))                                          \
    X(PGcancel *, PQgetCancel, (PGconn *))                                                                                  \
    X(void, PQfreeCancel, (PGcancel *))                                                                                     \
    X(int, PQcancel, (PGcancel *, char *, int))                                                                             \
    X(PGresult *, PQexec, (PGconn *, const char *))                                                                         \
    X(PGresult *, PQexecParams,                                                                                             \
      (PGconn *, const char *, int, const Oid *, const char *const *, const int *, const int *, int))                       \
    X(int, PQsendQuery, (PGconn *, const char *))                                                                           \
    X(int, PQsendPrepare, (PGconn *, const char *, const char *, int, const Oid *))                                         \
    X(int, PQsendDescribePrepared, (PGconn *, const char *))                                                                \
    X(int, PQsendQueryPrepared, (PGconn *, const char *, int, const char *const *, const int *, const int *, int))          \
    X(int, PQsetSingleRowMode, (PGconn *))                                                                                  \
    X(int, PQenterPipelineMode, (PGconn *))                                                                                 \
    X(int, PQexitPipelineMode, (PGconn *))                                                                                  \
    X(int, PQpipelineSync, (PGconn *))                                                                                      \
    X(int, PQconsumeInput, (PGconn *))                                                                                      \
    X(int, PQisBusy, (PGconn *))                                                                                            \
    X(int, PQflush, (PGconn *))                                                                                             \
    X(PGresult *, PQgetResult, (PGconn *))                                                                                  \
    X(ExecStatusType, PQresultStatus, (const PGresult *))                                                                   \
    X(char *, PQresultErrorField, (const PGresult *, int))                                                                  \
    X(char *, PQresultErrorMessage, (const PGresult *))                                                                     \
    X(char *, PQcmdTuples, (PGresult *))                                                                                    \
    X(char *, PQcmdStatus, (PGresult *))                                                                                    \
    X(void, PQclear, (PGresult *))                                                                                          \
    X(int, PQntuples, (const PGresult *))                                                                                   \
    X(int, PQnfields, (const PGresult *))                                                                                   \
    X(char *, PQfname, (const PGresult *, int))                                                                             \
    X(Oid, PQftype, (const PGresult *, int))                                                                                \
    X(Oid, PQftable, (const PGresult *, int))                                                                               \
    X(int, PQftablecol, (const PGresult *, int))                                                                            \
    X(int, PQnparams, (const PGresult *))                                                                                   \
    X(Oid, PQparamtype, (const PGresult *, int))                                                                            \
    X(int, PQgetisnull, (const PGresult *, int, int))                                                                       \
    X(char *, PQgetvalue, (const PGresult *, int, int))                                                                     \
    X(int, PQgetlength, (const PGresult *, int, int))                                                                       \
    X(int, PQputCopyData, (PGconn *, const char *, int))                                                                    \
    X(int, PQputCopyEnd, (PGconn *, const char *))

struct pq_functions {
#define PQ_SLOT(result, name, arguments) result(*name) arguments;
    PQ_FUNCTIONS(PQ_SLOT)
#undef PQ_SLOT
};

/* The functions; to be called once pq_open() has been. */
extern struct pq_functions pq;

/* Opens the library. Where it is not there the error says what to install. */
dk_status pq_open(struct dk_error *err);

#endif
