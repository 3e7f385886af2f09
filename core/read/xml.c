#include "read/xml.h"

typedef int not_empty; /* a build without the library has nothing else here */

#if defined DIFKIT_HAVE_EXPAT

#include <string.h>

enum { CHUNK = 1 << 16 };

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                               int internal)
{
    struct xml *xml = context;

    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    dk_fail(xml->err, DK_DATA, "%s has a document type, which may hold entities", xml->name);
    dk_hint(xml->err, "no workbook has one: the file is damaged, or was made to do harm");
    xml_fail(xml);
}

dk_status xml_open(struct xml *xml, const struct archive *archive, size_t index, XML_StartElementHandler start,
                   XML_EndElementHandler end, XML_CharacterDataHandler text, struct dk_error *err)
{
    memset(xml, 0, sizeof *xml);
    xml->name = archive_name(archive, index);
    xml->part = part_open(archive, index, err);
    if (xml->part == NULL)
        return DK_ERROR;
    xml->parser = XML_ParserCreate(NULL);
    if (xml->parser == NULL)
        return dk_fail(err, DK_IO, "not enough memory to read XML");
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, start, end);
    XML_SetCharacterDataHandler(xml->parser, text);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    return DK_OK;
}

void xml_fail(struct xml *xml)
{
    xml->failed = true;
    XML_StopParser(xml->parser, XML_FALSE);
}

dk_status xml_step(struct xml *xml, struct dk_error *err)
{
    void *bytes = XML_GetBuffer(xml->parser, CHUNK);
    size_t got;

    if (bytes == NULL)
        return dk_fail(err, DK_IO, "not enough memory to read XML");
    if (part_read(xml->part, bytes, CHUNK, &got, err) != DK_OK)
        return DK_ERROR;
    xml->err = err;
    xml->ended = got == 0;
    if (XML_ParseBuffer(xml->parser, (int)got, got == 0) == XML_STATUS_OK)
        return DK_OK;
    if (xml->failed)
        return DK_ERROR;
    dk_fail(err, DK_DATA, "%s of the workbook, line %lu: %s", xml->name,
            (unsigned long)XML_GetCurrentLineNumber(xml->parser), XML_ErrorString(XML_GetErrorCode(xml->parser)));
    dk_hint(err, "open it in a spreadsheet program and save it again");
    return DK_ERROR;
}

void xml_close(struct xml *xml)
{
    if (xml->parser != NULL)
        XML_ParserFree(xml->parser);
    part_close(xml->part);
    memset(xml, 0, sizeof *xml);
}

const char *xml_local(const char *name)
{
    const char *colon = strchr(name, ':');

    return colon != NULL ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *local)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(xml_local(attributes[i]), local) == 0)
            return attributes[i + 1];
    return NULL;
}

#endif
