/* A part of an archive through expat, chunk by chunk. A document type is refused: there are no entities but the five. */
#ifndef DIFKIT_READ_XML_H
#define DIFKIT_READ_XML_H

#if defined DIFKIT_HAVE_EXPAT

#include <expat.h>

#include "read/archive.h"

/* Handlers are given a pointer to it; what they need beside stands behind it in a struct that begins with it. */
struct xml {
    XML_Parser parser;
    struct part *part;
    const char *name; /* of the part, for messages */
    bool ended;
    struct dk_error *err; /* of the step that runs: a handler that fails fills it and stops the parser */
    bool failed;
};

dk_status xml_open(struct xml *xml, const struct archive *archive, size_t index, XML_StartElementHandler start,
                   XML_EndElementHandler end, XML_CharacterDataHandler text, struct dk_error *err);
/* Parses one more chunk; xml->ended after the last. */
dk_status xml_step(struct xml *xml, struct dk_error *err);
/* For handlers: stops with what is in xml->err. */
void xml_fail(struct xml *xml);
void xml_close(struct xml *xml);

/* The name without its prefix. */
const char *xml_local(const char *name);
const char *xml_attribute(const char **attributes, const char *local);

#endif
#endif
