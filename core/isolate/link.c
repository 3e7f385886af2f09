#define _GNU_SOURCE

#include "isolate/link.h"

#ifdef DIFKIT_ISOLATION

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PART = 64 << 10, ENTRY_MOST = 1 << 20 };

/* How long the text of a child's message may be; kinds that only the parent says have none. */
static const struct {
    bool of_child;
    uint32_t most;
} kinds[LINK_KINDS] = {
    [LINK_PUBLISH] = {true, 0},
    [LINK_CANCEL] = {true, 0},
    [LINK_BEGIN] = {true, 0},
    [LINK_LINE] = {true, 0},
    [LINK_COMPLETED] = {true, ENTRY_MOST},
    [LINK_REMEMBER] = {true, LINK_TEXT_MOST},
    [LINK_HISTORY] = {true, 0},
    [LINK_SOURCE] = {true, 0},
    [LINK_SAVE] = {true, LINK_TEXT_MOST},
    [LINK_EDIT] = {true, LINK_TEXT_MOST},
    [LINK_OVER] = {true, 0},
};

void link_begin(struct link *link, int socket)
{
    memset(link, 0, sizeof *link);
    link->socket = socket;
}

void link_end(struct link *link)
{
    if (link->socket >= 0)
        close(link->socket);
    link->socket = -1;
    dk_buffer_free(&link->in);
    dk_buffer_free(&link->out);
    link->sent = 0;
}

short link_events(const struct link *link)
{
    return link->out.size > link->sent ? POLLOUT : POLLIN;
}

/* Whether what has come so far can be a message of the child; *whole says that all of it is there. */
static bool is_possible(const struct dk_buffer *in, bool *whole)
{
    struct link_message head;

    *whole = false;
    if (in->size < sizeof head)
        return true;
    memcpy(&head, in->bytes, sizeof head);
    if (head.kind >= LINK_KINDS || !kinds[head.kind].of_child || head.size > kinds[head.kind].most)
        return false;
    *whole = in->size >= sizeof head + head.size;
    return true;
}

static bool would_wait(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static bool send_some(struct link *link)
{
    while (link->sent < link->out.size) {
        ssize_t sent =
            send(link->socket, link->out.bytes + link->sent, link->out.size - link->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (sent <= 0)
            return sent < 0 && would_wait();
        link->sent += (size_t)sent;
    }
    link->out.size = link->sent = 0;
    return true;
}

bool link_move(struct link *link, bool *wrong)
{
    bool whole = false;
    ssize_t got;

    *wrong = false;
    if (link->socket < 0)
        return false;
    if (link->sent < link->out.size)
        return send_some(link);
    while (is_possible(&link->in, &whole) && !whole) {
        got = recv(link->socket, dk_buffer_reserve(&link->in, PART), PART, MSG_DONTWAIT);
        if (got <= 0)
            return got < 0 && would_wait();
        link->in.size += (size_t)got;
    }
    *wrong = !whole;
    return whole;
}

bool link_take(struct link *link, struct link_message *message, struct dk_buffer *text)
{
    bool whole;

    if (!is_possible(&link->in, &whole) || !whole)
        return false;
    memcpy(message, link->in.bytes, sizeof *message);
    dk_buffer_add(text, link->in.bytes + sizeof *message, message->size);
    link->in.size -= sizeof *message + message->size;
    memmove(link->in.bytes, link->in.bytes + sizeof *message + message->size, link->in.size);
    if (message->size >= PART && link->in.size == 0)
        dk_buffer_free(&link->in);
    return true;
}

void link_say(struct link *link, enum link_kind kind, int number, const void *text, size_t size)
{
    struct link_message head = {.kind = kind, .number = number, .size = (uint32_t)size};

    dk_buffer_add(&link->out, &head, sizeof head);
    dk_buffer_add(&link->out, text, size);
}

static bool send_all(int socket, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(socket, bytes, size, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int socket, char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t got = recv(socket, bytes, size, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        bytes += got;
        size -= (size_t)got;
    }
    return true;
}

bool link_ask(int socket, enum link_kind kind, int number, const void *text, size_t size)
{
    struct link_message head = {.kind = kind, .number = number, .size = (uint32_t)size};

    return size <= LINK_TEXT_MOST && send_all(socket, (const char *)&head, sizeof head) && send_all(socket, text, size);
}

bool link_hear(int socket, struct link_message *message, struct dk_buffer *text)
{
    if (!receive_all(socket, (char *)message, sizeof *message) ||
        !receive_all(socket, dk_buffer_reserve(text, message->size), message->size))
        return false;
    text->size += message->size;
    text->bytes[text->size] = '\0';
    return true;
}

#endif
