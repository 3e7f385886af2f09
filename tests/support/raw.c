/* For difkit_raw, a difkit of the tests whose scripts have system calls of their own in the place of warn(): what the
 * language's sandbox would keep from them fails by the kernel alone, or not at all.
 *
 *   warn.call(NAME, …) -> what the call gives, or nil and the name of the error
 *
 * Arguments are integers and texts; a text is given as its address. */
#define _GNU_SOURCE

#include <errno.h>
#include <lauxlib.h>
#include <lualib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void __real_luaL_openlibs(lua_State *L);
void __wrap_luaL_openlibs(lua_State *L);

static const struct {
    const char *name;
    long number;
} calls[] = {
#define CALL(name)                                                                                                          \
    {                                                                                                                       \
#name, SYS_##name                                                                                                   \
    }
    CALL(open),
    CALL(openat),
    CALL(read),
    CALL(write),
    CALL(close),
    CALL(unlink),
    CALL(unlinkat),
    CALL(rename),
    CALL(renameat2),
    CALL(mkdir),
    CALL(rmdir),
    CALL(link),
    CALL(linkat),
    CALL(symlink),
    CALL(symlinkat),
    CALL(mknod),
    CALL(chmod),
    CALL(fchmod),
    CALL(fchmodat),
    CALL(chown),
    CALL(lchown),
    CALL(fchown),
    CALL(fchownat),
    CALL(utime),
    CALL(utimes),
    CALL(utimensat),
    CALL(futimesat),
    CALL(setxattr),
    CALL(lsetxattr),
    CALL(fsetxattr),
    CALL(removexattr),
    CALL(truncate),
    CALL(ftruncate),
    CALL(fallocate),
    CALL(socket),
    CALL(socketpair),
    CALL(connect),
    CALL(bind),
    CALL(listen),
    CALL(accept),
    CALL(fork),
    CALL(vfork),
    CALL(clone),
    CALL(execve),
    CALL(execveat),
    CALL(ptrace),
    CALL(bpf),
    CALL(io_uring_setup),
    CALL(io_uring_enter),
    CALL(io_uring_register),
    CALL(mount),
    CALL(umount2),
    CALL(pivot_root),
    CALL(chroot),
    CALL(init_module),
    CALL(finit_module),
    CALL(delete_module),
    CALL(kexec_load),
    CALL(kexec_file_load),
    CALL(process_vm_readv),
    CALL(process_vm_writev),
    CALL(perf_event_open),
    CALL(userfaultfd),
    CALL(add_key),
    CALL(keyctl),
    CALL(request_key),
    CALL(reboot),
    CALL(swapon),
    CALL(swapoff),
    CALL(open_by_handle_at),
    CALL(name_to_handle_at),
    CALL(unshare),
    CALL(setns),
    CALL(acct),
    CALL(quotactl),
    CALL(move_mount),
    CALL(open_tree),
    CALL(fsopen),
    CALL(fsmount),
    CALL(kill),
    CALL(tkill),
    CALL(tgkill),
    CALL(rt_sigqueueinfo),
    CALL(pidfd_open),
    CALL(pidfd_send_signal),
    CALL(pidfd_getfd),
    CALL(setsid),
    CALL(setpgid),
    CALL(setuid),
    CALL(setgid),
    CALL(setresuid),
    CALL(setgroups),
    CALL(capset),
    CALL(prctl),
    CALL(seccomp),
    CALL(setrlimit),
    CALL(prlimit64),
    CALL(setpriority),
    CALL(sched_setaffinity),
    CALL(sched_setscheduler),
    CALL(ioctl),
    CALL(inotify_init1),
    CALL(fanotify_init),
    CALL(shmget),
    CALL(msgget),
    CALL(semget),
    CALL(mq_open),
    CALL(personality),
    CALL(sethostname),
    CALL(setdomainname),
    CALL(settimeofday),
    CALL(clock_settime),
    CALL(adjtimex),
    CALL(syslog),
    CALL(vhangup),
    CALL(move_pages),
    CALL(mbind),
    CALL(migrate_pages),
    CALL(kcmp),
    CALL(openat2),
    CALL(getdents64),
    CALL(chdir),
    CALL(getppid),
    CALL(memfd_create),
    CALL(creat),
    CALL(sync),
    CALL(mlockall),
    CALL(getpid),
#ifdef __x86_64__
    CALL(iopl),
    CALL(ioperm),
    CALL(modify_ldt),
#endif
#undef CALL
};

static long number_of(const char *name)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (strcmp(calls[i].name, name) == 0)
            return calls[i].number;
    return -1;
}

static int call(lua_State *L)
{
    long argument[6] = {0}, number = number_of(luaL_checkstring(L, 1)), result;

    luaL_argcheck(L, number >= 0, 1, "no such call");
    for (int i = 0; i < 6; i++)
        if (lua_type(L, i + 2) == LUA_TSTRING)
            argument[i] = (long)lua_tostring(L, i + 2);
        else
            argument[i] = (long)luaL_optinteger(L, i + 2, 0);
    result = syscall(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
    if (result >= 0) {
        lua_pushinteger(L, result);
        return 1;
    }
    lua_pushnil(L);
    lua_pushstring(L, strerrorname_np(errno));
    return 2;
}

void __wrap_luaL_openlibs(lua_State *L)
{
    __real_luaL_openlibs(L);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, call);
    lua_setfield(L, -2, "call");
    lua_setglobal(L, "warn");
}
