/* YAML as events, one after another, and what is refused of it, said in one way for everybody who reads any: anchors,
 * aliases, tags, merge keys, what is nested too deep or too long. What a file says must stand in it.
 *
 * What is refused is told to the reader, who may go on: the event that carries it comes all the same. Only where nothing
 * more can be read (no YAML, nested too deep) the events end. */
#ifndef DIFKIT_YAML_EVENTS_H
#define DIFKIT_YAML_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#include "base/error.h"

enum { EVENTS_SCALAR_MAX = 1024 * 1024 }; /* bytes of one scalar */

struct events {
    yaml_parser_t parser;
    yaml_event_t event; /* the current one */
    bool parsing;       /* `parser` has to be deleted */
    bool live;          /* `event` has to be deleted */
    bool broken;        /* nothing more can be read */
    int depth, depth_max;
    void (*refuse)(void *context, const struct dk_error *err); /* err has line and column; NULL: nobody wants to know */
    void (*pass)(void *context, size_t bytes);                 /* called for every event; NULL: nobody wants to know */
    void *context;
};

/* Begins to read bytes[0..size), which must outlive the events; the other fields are set by the caller, or 0. Ends the
 * process where there is no memory, now or later. */
void events_begin(struct events *events, const void *bytes, size_t size);
void events_end(struct events *events);

/* Goes to the next event. False when there is none because the file is broken. */
bool events_advance(struct events *events);
/* Leaves the current node behind: afterwards its last event is the current one. */
void events_skip(struct events *events);
/* Goes to the next key of a mapping; false at its end. What cannot be a key is refused and left out, with its value. */
bool events_next_key(struct events *events);

bool events_at(const struct events *events, yaml_event_type_t type);
/* Where the current event begins, from 1. */
int events_line(const struct events *events);
int events_column(const struct events *events);
/* The current scalar, terminated; borrowed until the next event. */
const char *events_text(const struct events *events);
size_t events_size(const struct events *events);
bool events_is_plain(const struct events *events);
/* Whether it stands for nothing: empty, ~ or null, without quotes. */
bool events_is_nothing(const struct events *events);
/* What stands here, for "not a list". */
const char *events_kind(const struct events *events);

/* Refuses something at the current event. */
void events_refuse(struct events *events, struct dk_error *err);
/* Refuses the current key, which stands twice in `where` ("an action"), first at `line`. */
void events_refuse_repeated(struct events *events, const char *where, int line);

#endif
