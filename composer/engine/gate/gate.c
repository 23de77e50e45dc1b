/*
 * The gate: PID 1 of every step's container.
 *
 * A container is started ahead of its step's turn. The gate waits on a FIFO until the worker
 * writes one framed message (limits and the whole environment), and only then runs the step's
 * program, as its child. It moves the program's output to the files of the spool, keeps its
 * limits, reaps what it leaves behind, and writes down how it ended. From the moment the gate
 * opens it needs no worker: the worker may die and not one byte is lost.
 *
 * The message and the files are described in docs/gate-protocol.md. Exit codes: the program's
 * own, 128 + signal, 127 or 126 where it could not be started, 125 where it was not tried.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef COMPOSER_DIR /* tests compile it with a folder of their own */
#define COMPOSER_DIR "/.composer"
#endif

enum {
    NOT_TRIED = 125,
    CANNOT_EXECUTE = 126,
    NOT_FOUND = 127,
    LAST_SIGNAL = 64,
    CHUNK = 1 << 20,             /* bytes moved at a time, and asked for as a pipe's size */
    MAX_ENVIRONMENT = 2 << 20,   /* bytes; the worker sends less than half of it */
    METER_MS = 100,              /* between two writes of the meter */
    TERM_GRACE_MS = 2000,        /* from TERM to KILL when the time is up */
    BROKEN_PIPE_GRACE_MS = 5000, /* for a program whose reader has gone */
    LINGER_MS = 60,              /* between the news of the end and the container's own */
};

enum { OOM = 1, TIME_LIMIT = 2, OUTPUT_LIMIT = 4, BROKEN_PIPE = 8, DISK_FULL = 16, LOG_CUT = 32 };

/* What the worker writes into the gate: this, the environment, and the sum of both. */
struct order {
    char magic[8];
    uint64_t run_ms; /* 0: no limit */
    uint64_t output_limit;
    uint64_t log_limit;
    uint64_t environment_length;
};

/* What the worker reads while the step runs, and once it has ended. Native byte order. */
struct meter {
    uint64_t bytes_in, bytes_out, log_bytes;
};

struct ended {
    char magic[8];
    int32_t code, signal, exec_errno;
    uint32_t flags;
    struct meter meter;
    uint64_t started_ns, ended_ns; /* wall clock */
    uint32_t unused, sum;          /* the sum of all before it */
};

_Static_assert(sizeof(struct order) == 40 && sizeof(struct meter) == 24 && sizeof(struct ended) == 72,
               "gate.py knows these sizes");

static const char ORDER_MAGIC[8] = "CMPGATE1", ENDED_MAGIC[8] = "CMPENDED";

/* One step, while it runs. */
struct step {
    pid_t pid;
    bool exited;
    int status;
    int exec_errno;
    uint32_t flags;
    int in;                  /* its stdin; kept where it is a file, as its offset tells how far it has read */
    int out, log_pipe;       /* our ends of its stdout and stderr; -1 once closed */
    int target, log;         /* where they go */
    bool target_is_fifo, target_is_full;
    uint64_t out_left, log_left; /* after its exit: what was in the pipes by then */
    uint64_t output_limit, log_limit;
    struct meter meter, written_meter;
    int64_t meter_due, time_up, kill_at; /* monotonic ms; INT64_MAX: never */
    uint64_t started_ns;
};

/* CRC-32 as in zlib, of data that follows what `sum` is already the sum of. */
static uint32_t crc32(uint32_t sum, const void *data, size_t length) {
    const unsigned char *byte = data;
    sum = ~sum;
    while (length--) {
        sum ^= *byte++;
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320u : 0);
    }
    return ~sum;
}

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static uint64_t wall_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The log is not open yet, so this goes where the container's own stderr goes, if anywhere. */
static _Noreturn void refuse(const char *why) {
    dprintf(STDERR_FILENO, "gate: %s\n", why);
    _exit(NOT_TRIED);
}

static int open_file(const char *path, int flags) {
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        refuse(path);
    return fd;
}

/* Only a step that was given no input has an empty one. Whatever else hides it is an error. */
static int open_input(void) {
    int fd = open(COMPOSER_DIR "/stdin", O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return open_file("/dev/null", O_RDONLY);
    if (fd < 0)
        refuse(COMPOSER_DIR "/stdin");
    return fd;
}

/* All signals come through one descriptor, so that nothing ever happens between two lines. */
static int catch_signals(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    int fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        refuse("signalfd");
    return fd;
}

static bool ends_us(int number) {
    return number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGQUIT;
}

/* True if a signal that asks us to end has arrived. For the time before the step runs. */
static bool told_to_end(int signals) {
    struct signalfd_siginfo info;
    while (read(signals, &info, sizeof info) == sizeof info)
        if (ends_us((int)info.ssi_signo))
            return true;
    return false;
}

/* ---- Waiting for the message ------------------------------------------------------------ */

/* Reads exactly `length` bytes; anything less, and the step does not run. */
static void read_whole(int fd, int signals, void *data, size_t length) {
    unsigned char *to = data;
    while (length > 0) {
        struct pollfd polled[2] = {{fd, POLLIN, 0}, {signals, POLLIN, 0}};
        poll(polled, 2, -1);
        if (polled[1].revents && told_to_end(signals))
            _exit(128 + SIGTERM);
        if (!polled[0].revents)
            continue;
        ssize_t got = read(fd, to, length);
        if (got == 0)
            refuse("the message is cut");
        if (got < 0 && errno != EAGAIN && errno != EINTR)
            refuse("the message cannot be read");
        if (got > 0) {
            to += got;
            length -= (size_t)got;
        }
    }
}

/* Every entry is NAME=value and ends with a NUL. */
static char **split_environment(char *text, size_t length) {
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == '\0';
    char **list = calloc(count + 1, sizeof *list);
    if (!list)
        refuse("out of memory");
    char *entry = text;
    for (size_t i = 0; i < count; i++) {
        if (*entry == '=' || !strchr(entry, '='))
            refuse("the message holds something that is no variable");
        list[i] = entry;
        entry += strlen(entry) + 1;
    }
    return list;
}

static char **await_order(int signals, struct order *order) {
    int fd = open_file(COMPOSER_DIR "/gate", O_RDONLY | O_NONBLOCK);
    read_whole(fd, signals, order, sizeof *order);
    if (memcmp(order->magic, ORDER_MAGIC, sizeof ORDER_MAGIC) != 0)
        refuse("the message is not one of ours");
    size_t length = order->environment_length;
    if (length > MAX_ENVIRONMENT)
        refuse("the environment is too large");
    char *environment = malloc(length + 1);
    if (!environment)
        refuse("out of memory");
    read_whole(fd, signals, environment, length);
    uint32_t sum;
    read_whole(fd, signals, &sum, sizeof sum);
    if (sum != crc32(crc32(0, order, sizeof *order), environment, length))
        refuse("the message is damaged");
    if (length > 0 && environment[length - 1] != '\0')
        refuse("the environment is cut");
    close(fd); /* a second message finds nobody */
    return split_environment(environment, length);
}

/* ---- Starting the program --------------------------------------------------------------- */

static const char *find_variable(char **environment, const char *name) {
    size_t length = strlen(name);
    for (; *environment; environment++)
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

/* Like execvpe, but over the PATH of the new environment, and without a shell behind our back. */
static int execute(char **arguments, char **environment) {
    const char *program = arguments[0], *path = find_variable(environment, "PATH");
    if (strchr(program, '/') || !path) {
        execve(program, arguments, environment);
        return errno;
    }
    int worst = ENOENT;
    while (true) {
        size_t length = strcspn(path, ":");
        char *candidate;
        /* An empty entry means the working directory, as in every shell. */
        if (asprintf(&candidate, "%.*s%s%s", (int)length, path, length ? "/" : "", program) < 0)
            return ENOMEM;
        execve(candidate, arguments, environment);
        free(candidate);
        if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
            return errno;
        if (errno == EACCES) /* found, but not ours to run: worth saying if nothing better comes */
            worst = EACCES;
        if (path[length] == '\0')
            return worst;
        path += length + 1;
    }
}

static void make_first_victim(void) {
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t ignored = write(fd, "1000", 4);
        (void)ignored; /* without it the gate may be the one killed, which is told as such */
        close(fd);
    }
}

/* What we were started with is not the step's business. By system call, because the C library
 * keeps two signals for itself and would leave those as they are. Zero is SIG_DFL, no flags. */
static void reset_signals(void) {
    static const char nothing[64];
    for (int number = 1; number <= LAST_SIGNAL; number++)
        (void)syscall(SYS_rt_sigaction, number, nothing, NULL, LAST_SIGNAL / 8);
}

static _Noreturn void become_step(int in, int out, int err, int report, char **arguments, char **environment) {
    setsid(); /* its group gets the signals that we forward */
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    make_first_victim();
    reset_signals();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int failure = execute(arguments, environment);
    ssize_t ignored = write(report, &failure, sizeof failure);
    (void)ignored;
    _exit(NOT_FOUND);
}

/* A FIFO can be opened for writing only once somebody reads it. */
static int open_target(const char *path, int signals) {
    int fd;
    while ((fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0 && errno == ENXIO) {
        struct pollfd polled = {signals, POLLIN, 0};
        if (poll(&polled, 1, 5) > 0 && told_to_end(signals))
            _exit(128 + SIGTERM);
    }
    if (fd < 0)
        refuse(path);
    return fd;
}

static void make_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) < 0)
        refuse("pipe");
}

static void start(struct step *step, char **arguments, char **environment) {
    int out[2], err[2], report[2];
    make_pipe(out);
    make_pipe(err);
    make_pipe(report);
    fcntl(out[0], F_SETPIPE_SZ, CHUNK); /* EPERM once a user has many pipes: then it is smaller */
    step->pid = fork();
    if (step->pid < 0)
        refuse("fork");
    if (step->pid == 0)
        become_step(step->in, out[1], err[1], report[1], arguments, environment);
    close(out[1]);
    close(err[1]);
    close(report[1]);
    if (read(report[0], &step->exec_errno, sizeof step->exec_errno) != sizeof step->exec_errno)
        step->exec_errno = 0; /* the descriptor closed by itself: the program runs */
    close(report[0]);
    struct stat about;
    if (fstat(step->in, &about) < 0 || !S_ISREG(about.st_mode)) {
        close(step->in); /* only the step may be this pipe's reader */
        step->in = -1;
    }
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    fcntl(err[0], F_SETFL, O_NONBLOCK);
    step->out = out[0];
    step->log_pipe = err[0];
}

/* ---- While it runs ---------------------------------------------------------------------- */

static void signal_step(const struct step *step, int number) {
    kill(-step->pid, number);
}

static void kill_within(struct step *step, int64_t grace_ms) {
    int64_t at = now_ms() + grace_ms;
    if (at < step->kill_at)
        step->kill_at = at;
}

static void stop(struct step *step, uint32_t why) {
    step->flags |= why;
    signal_step(step, SIGKILL);
}

static uint64_t waiting_in(int fd) {
    int count = 0;
    return fd >= 0 && ioctl(fd, FIONREAD, &count) == 0 && count > 0 ? (uint64_t)count : 0;
}

static void close_output(struct step *step) {
    close(step->out);
    step->out = -1;
}

/* The reader has gone: the program learns it the usual way, and is stopped if it takes no notice. */
static void break_pipe(struct step *step) {
    step->flags |= BROKEN_PIPE;
    close_output(step);
    if (!step->exited)
        kill_within(step, BROKEN_PIPE_GRACE_MS);
}

/* Moves what is in the stdout pipe on, within the kernel. */
static void move_output(struct step *step) {
    uint64_t room = step->output_limit - step->meter.bytes_out;
    size_t length = room < CHUNK ? (size_t)room : CHUNK;
    if (step->exited && step->out_left < length)
        length = (size_t)step->out_left;
    if (room == 0) {
        if (waiting_in(step->out) > 0) /* there is more, and it may not be written */
            stop(step, OUTPUT_LIMIT);
        close_output(step);
        return;
    }
    ssize_t moved = splice(step->out, NULL, step->target, NULL, length, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (moved > 0) {
        step->meter.bytes_out += (uint64_t)moved;
        if (step->exited)
            step->out_left -= (uint64_t)moved;
    } else if (moved == 0) {
        close_output(step);
    } else if (errno == EAGAIN) {
        step->target_is_full = step->target_is_fifo;
    } else if (errno == EPIPE) {
        break_pipe(step);
    } else if (errno != EINTR) { /* ENOSPC, EDQUOT, EIO…: what it wrote cannot be kept */
        stop(step, DISK_FULL);
        close_output(step);
    }
}

static bool write_log(struct step *step, const char *data, size_t length) {
    while (length > 0) {
        ssize_t done = write(step->log, data, length);
        if (done < 0 && errno != EINTR) {
            stop(step, DISK_FULL);
            return false;
        }
        if (done > 0) {
            data += done;
            length -= (size_t)done;
        }
    }
    return true;
}

/* Beyond its limit the log is read on, so that the program is not held up, and forgotten. */
static void move_log(struct step *step) {
    static const char CUT[] = "\n[The log is longer than this; the rest was not kept.]\n";
    static char buffer[65536];
    size_t length = sizeof buffer;
    if (step->exited && step->log_left < length)
        length = (size_t)step->log_left;
    ssize_t got = read(step->log_pipe, buffer, length);
    if (got == 0) {
        close(step->log_pipe);
        step->log_pipe = -1;
        return;
    }
    if (got < 0)
        return;
    if (step->exited)
        step->log_left -= (uint64_t)got;
    uint64_t kept = step->meter.log_bytes < step->log_limit ? step->log_limit - step->meter.log_bytes : 0;
    size_t keep = kept < (uint64_t)got ? (size_t)kept : (size_t)got;
    step->meter.log_bytes += (uint64_t)got;
    if (write_log(step, buffer, keep) && keep < (size_t)got && !(step->flags & LOG_CUT)) {
        step->flags |= LOG_CUT;
        write_log(step, CUT, sizeof CUT - 1);
    }
}

/* The program has ended. A child that it left behind may hold its pipes: nobody waits for that. */
static void note_exit(struct step *step, int status) {
    step->exited = true;
    step->status = status;
    step->out_left = waiting_in(step->out);
    step->log_left = waiting_in(step->log_pipe);
}

static void reap(struct step *step) {
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (pid == step->pid)
            note_exit(step, status);
}

static void heed_signals(struct step *step, int signals) {
    struct signalfd_siginfo info;
    while (read(signals, &info, sizeof info) == sizeof info) {
        int number = (int)info.ssi_signo;
        if (number == SIGCHLD)
            reap(step);
        else if (!step->exited && number != SIGPIPE)
            signal_step(step, number);
    }
}

static void write_meter(struct step *step, int fd) {
    if (step->in >= 0) {
        off_t offset = lseek(step->in, 0, SEEK_CUR); /* shared with the program */
        step->meter.bytes_in = offset > 0 ? (uint64_t)offset : 0;
    }
    if (memcmp(&step->meter, &step->written_meter, sizeof step->meter) != 0) {
        step->written_meter = step->meter;
        ssize_t ignored = pwrite(fd, &step->meter, sizeof step->meter, 0);
        (void)ignored; /* the file has its full size, so there is room; the next one is soon */
    }
    step->meter_due = now_ms() + METER_MS;
}

static void keep_time(struct step *step, int meter) {
    int64_t now = now_ms();
    if (now >= step->meter_due)
        write_meter(step, meter);
    if (now >= step->time_up) {
        step->time_up = INT64_MAX;
        step->flags |= TIME_LIMIT;
        signal_step(step, SIGTERM);
        kill_within(step, TERM_GRACE_MS);
    }
    if (now >= step->kill_at) {
        step->kill_at = now + TERM_GRACE_MS;
        signal_step(step, SIGKILL);
        if (step->exited) /* nobody takes what it wrote, so that is given up; a flag tells why */
            step->out_left = step->log_left = 0;
    }
}

static int next_timeout(const struct step *step) {
    int64_t next = step->meter_due;
    if (step->time_up < next)
        next = step->time_up;
    if (step->kill_at < next)
        next = step->kill_at;
    int64_t left = next - now_ms();
    return left > 0 ? (int)left : 0;
}

static bool is_over(const struct step *step) {
    bool output_done = step->out < 0 || step->out_left == 0;
    return step->exited && output_done && (step->log_pipe < 0 || step->log_left == 0);
}

static void look_after(struct step *step, int signals, int meter) {
    while (!is_over(step)) {
        bool may_move = step->out >= 0 && !step->target_is_full && !(step->exited && step->out_left == 0);
        bool may_log = step->log_pipe >= 0 && !(step->exited && step->log_left == 0);
        struct pollfd polled[4] = {
            {signals, POLLIN, 0},
            {may_move ? step->out : -1, POLLIN, 0},
            {may_log ? step->log_pipe : -1, POLLIN, 0},
            /* A FIFO tells that its reader has gone even while nothing is asked of it. */
            {step->target_is_fifo && step->out >= 0 ? step->target : -1, step->target_is_full ? POLLOUT : 0, 0},
        };
        poll(polled, 4, next_timeout(step));
        if (polled[3].revents & POLLERR)
            break_pipe(step);
        else if (polled[3].revents)
            step->target_is_full = false;
        if (polled[1].revents && step->out >= 0)
            move_output(step);
        if (polled[2].revents)
            move_log(step);
        if (polled[0].revents)
            heed_signals(step, signals);
        keep_time(step, meter);
    }
}

/* ---- Telling how it ended --------------------------------------------------------------- */

/* How many processes of this container the kernel has killed for memory; cgroup v2, then v1. */
static unsigned long oom_kills(void) {
    static const char *const FILES[] = {
        "/sys/fs/cgroup/memory.events",
        "/sys/fs/cgroup/memory/memory.oom_control",
    };
    unsigned long count = 0;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        FILE *file = fopen(FILES[i], "re");
        if (!file)
            continue;
        char line[128];
        while (fgets(line, sizeof line, file))
            sscanf(line, "oom_kill %lu", &count);
        fclose(file);
        break;
    }
    return count;
}

static int exit_code(const struct step *step) {
    if (step->exec_errno)
        return step->exec_errno == ENOENT || step->exec_errno == ENOTDIR ? NOT_FOUND : CANNOT_EXECUTE;
    if (WIFSIGNALED(step->status))
        return 128 + WTERMSIG(step->status);
    return WEXITSTATUS(step->status);
}

static void write_ended(const struct step *step, int fd) {
    bool by_signal = !step->exec_errno && WIFSIGNALED(step->status);
    struct ended ended;
    memset(&ended, 0, sizeof ended);
    memcpy(ended.magic, ENDED_MAGIC, sizeof ENDED_MAGIC);
    ended.code = by_signal ? -1 : exit_code(step);
    ended.signal = by_signal ? WTERMSIG(step->status) : 0;
    ended.exec_errno = step->exec_errno;
    ended.flags = step->flags;
    ended.meter = step->meter;
    ended.started_ns = step->started_ns;
    ended.ended_ns = wall_ns();
    ended.sum = crc32(0, &ended, offsetof(struct ended, sum));
    ssize_t ignored = pwrite(fd, &ended, sizeof ended, 0);
    (void)ignored; /* what is not whole is never read as an end */
}

/* ---- A holder --------------------------------------------------------------------------- */

/* Holds the container's network namespace, and nothing else, until it is told to end. */
static int hold(int signals) {
    while (true) {
        struct pollfd polled = {signals, POLLIN, 0};
        poll(&polled, 1, -1);
        if (told_to_end(signals))
            return 0;
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}

/* What the step left behind: its group, and as a container's first process all others too. */
static void end_what_is_left(const struct step *step) {
    signal_step(step, SIGKILL);
    if (getpid() == 1)
        kill(-1, SIGKILL);
}

/* The engine is busy with a container that exits. The next step has the processor first. */
static void linger(void) {
    struct timespec left = {0, LINGER_MS * 1000000L};
    nanosleep(&left, NULL);
}

static bool is_holder(const char *name) {
    const char *slash = strrchr(name, '/');
    return strcmp(slash ? slash + 1 : name, "hold") == 0;
}

int main(int count, char **arguments) {
    int signals = catch_signals();
    if (count > 0 && is_holder(arguments[0]))
        return hold(signals);
    if (count < 2)
        refuse("there is nothing to run");

    /* For reading and writing, so it never blocks: when it closes, we are gone or as good as gone. */
    int alive = open_file(COMPOSER_DIR "/alive", O_RDWR);
    int started = open_file(COMPOSER_DIR "/started", O_WRONLY);
    int meter = open_file(COMPOSER_DIR "/meter", O_WRONLY);
    int ended = open_file(COMPOSER_DIR "/ended", O_WRONLY);
    int log = open_file(COMPOSER_DIR "/log", O_WRONLY);

    struct order order;
    char **environment = await_order(signals, &order);
    int target = open_target(COMPOSER_DIR "/stdout", signals);
    struct stat about;
    if (fstat(target, &about) < 0)
        refuse("stdout");

    struct step step = {
        .in = open_input(),
        .target = target,
        .target_is_fifo = S_ISFIFO(about.st_mode),
        .log = log,
        .output_limit = order.output_limit,
        .log_limit = order.log_limit,
        .time_up = order.run_ms && order.run_ms < INT32_MAX ? now_ms() + (int64_t)order.run_ms : INT64_MAX,
        .kill_at = INT64_MAX,
        .started_ns = wall_ns(),
    };
    unsigned long oom_kills_before = oom_kills();
    if (pwrite(started, &step.started_ns, sizeof step.started_ns, 0) != sizeof step.started_ns)
        refuse("started");
    start(&step, arguments + 1, environment);
    look_after(&step, signals, meter);
    write_meter(&step, meter);
    if (oom_kills() > oom_kills_before)
        step.flags |= OOM;
    end_what_is_left(&step);
    write_ended(&step, ended);
    close(alive);
    linger();
    return exit_code(&step);
}
