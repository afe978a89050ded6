#include "service/http.h"

#include "support/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int begin(unsigned port, const char *request)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
    };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(write(fd, request, strlen(request)), strlen(request));
    return fd;
}

/* What it answers to that request, until it closes. */
static void ask(unsigned port, const char *request, char answer[static 4096])
{
    size_t n = 0;
    int fd = begin(port, request);
    for (ssize_t got; n < 4095 && (got = read(fd, answer + n, 4095 - n)) > 0;)
        n += (size_t)got;
    answer[n] = '\0';
    close(fd);
}

static void assert_answer(unsigned port, const char *line, const char *status, const char *text)
{
    char request[128], answer[4096];
    snprintf(request, sizeof request, "%s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", line);
    ask(port, request, answer);
    assert_memory_equal(answer, "HTTP/1.1 ", 9);
    assert_memory_equal(answer + 9, status, 3);
    assert_non_null(strstr(answer, text));
}

static struct http *start(void)
{
    struct http *http;
    struct diag diag = { 0 };
    assert_ok(http_start("127.0.0.1:0", &http, &diag));
    return http;
}

static void the_page_that_was_put_last_is_given_out(void **state)
{
    (void)state;
    struct http *http = start();
    unsigned port = http_port(http);
    assert_answer(port, "GET /metrics", "503", "\r\n\r\n");
    http_put(http, SPAN("first 1\n"), false);
    assert_answer(port, "GET /metrics", "200", "\r\n\r\nfirst 1\n");
    http_put(http, SPAN("second 2\n"), false);
    assert_answer(port, "GET /metrics", "200", "\r\n\r\nsecond 2\n");
    assert_answer(port, "HEAD /metrics", "200", "Content-Length: 9");
    http_stop(http);
}

static void it_is_healthy_at_once_and_ready_when_it_says_so(void **state)
{
    (void)state;
    struct http *http = start();
    unsigned port = http_port(http);
    assert_answer(port, "GET /healthz", "200", "ok");
    assert_answer(port, "GET /readyz", "503", "replaying");
    http_put(http, SPAN("p 1\n"), true);
    assert_answer(port, "GET /readyz", "200", "ready");
    http_stop(http);
}

static void other_methods_and_paths_are_refused(void **state)
{
    (void)state;
    struct http *http = start();
    unsigned port = http_port(http);
    char answer[4096];
    assert_answer(port, "DELETE /metrics", "405", "Allow: GET, HEAD");
    assert_answer(port, "GET /", "404", "");
    ask(port, "POST /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
        answer);
    assert_memory_equal(answer, "HTTP/1.1 405", 12);
    ask(port, "\x16\x03\x01 nonsense\r\n\r\n", answer);
    assert_answer(port, "GET /healthz", "200", "ok");
    http_stop(http);
}

static void who_never_ends_a_request_keeps_no_newcomer_out(void **state)
{
    (void)state;
    enum { UNFINISHED = 50, LATEST = 8 };
    struct http *http = start();
    unsigned port = http_port(http);
    int fds[UNFINISHED];
    char byte;
    for (size_t i = 0; i < UNFINISHED; i++)
        fds[i] = begin(port, "GET /metrics HTTP/1.1\r\nHost: h\r\n");
    assert_answer(port, "GET /healthz", "200", "ok");
    for (size_t i = UNFINISHED - LATEST; i < UNFINISHED; i++) { /* they were not waited for */
        assert_int_equal(recv(fds[i], &byte, 1, MSG_DONTWAIT), -1);
        assert_int_equal(errno, EAGAIN);
    }
    assert_true(recv(fds[0], &byte, 1, 0) <= 0);
    for (size_t i = 0; i < UNFINISHED; i++)
        close(fds[i]);
    assert_answer(port, "GET /healthz", "200", "ok");
    http_stop(http);
}

static void what_is_no_address_or_is_taken_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
        "localhost:80", "[::1:80", "127.0.0.1:80x", "127.0.0.1:-1" };
    struct http *http, *second;
    struct diag diag = { 0 };
    char taken[32];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(http_start(bad[i], &http, &diag), STATUS_BAD);
    http = start();
    snprintf(taken, sizeof taken, "127.0.0.1:%u", http_port(http));
    assert_int_equal(http_start(taken, &second, &diag), STATUS_IO);
    assert_non_null(strstr(diag.reason, "cannot be listened on"));
    http_stop(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_that_was_put_last_is_given_out),
        cmocka_unit_test(it_is_healthy_at_once_and_ready_when_it_says_so),
        cmocka_unit_test(other_methods_and_paths_are_refused),
        cmocka_unit_test(who_never_ends_a_request_keeps_no_newcomer_out),
        cmocka_unit_test(what_is_no_address_or_is_taken_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
