import CLinux
import Glibc
package import SystemPackage

/// What a program asks about itself, and how it ends.
package enum ThisProcess {
    /// Its number.
    ///
    /// The corresponding C function is `getpid`.
    package static var identifier: Int32 { getpid() }

    /// Whether it may mount, write to disks, and do what else only root may.
    ///
    /// The corresponding C function is `geteuid`.
    package static var isRoot: Bool { geteuid() == 0 }

    /// The file of its program.
    ///
    /// - Throws: `SystemError` when the kernel does not tell. The corresponding C function is `readlink`.
    package static var program: FilePath {
        get throws(SystemError) {
            let link: FilePath = "/proc/self/exe"
            do throws(Errno) { return try KernelLink.target(link) } catch { throw .file("resolving", link, error) }
        }
    }

    /// Takes all of its memory, program and library included, into memory, and keeps it there.
    ///
    /// The corresponding C function is `mlockall`.
    ///
    /// - Throws: `SystemError` when there is not enough, or it may not.
    package static func stayInMemory() throws(SystemError) {
        do throws(Errno) { _ = try systemCall { mlockall(MCL_CURRENT | MCL_FUTURE) } } catch {
            throw SystemError("keeping in memory", "this process", error, remedy: "Run this as root.")
        }
    }

    /// Who owns the files that it makes.
    ///
    /// The corresponding C functions are `geteuid` and `getegid`.
    package static var owner: Ownership { Ownership(user: geteuid(), group: getegid()) }

    /// The name by which it was started, a path or not; nil when the C library did not say.
    package static var name: String? {
        unsafe clinux_arguments().flatMap { unsafe $0.pointee.map { unsafe String(cString: $0) } }
    }

    /// What follows the program's name; nil when the C library did not say.
    ///
    /// `CommandLine.arguments` would be empty when `/proc/self/cmdline` cannot be read, and an empty command line asks
    /// for something else than a lost one.
    package static var arguments: [String]? {
        guard var next = unsafe clinux_arguments() else { return nil }
        var all: [String] = []
        while let argument = unsafe next.pointee {
            all.append(unsafe String(cString: argument))
            unsafe next += 1
        }
        return Array(all.dropFirst())
    }

    /// The value of a variable of its environment; nil when it is not set.
    ///
    /// The corresponding C function is `getenv`.
    package static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// Takes a variable out of its environment, and so out of those of the programs that it starts.
    ///
    /// The corresponding C function is `unsetenv`.
    package static func forget(_ name: String) { unsafe unsetenv(name) }

    /// All variables of its environment.
    ///
    /// The corresponding C variable is `environ`.
    package static var environment: [String: String] {
        var all: [String: String] = [:]
        guard var next = unsafe clinux_environment() else { return all }
        while let entry = unsafe next.pointee {
            let parts = unsafe String(cString: entry).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { all[String(parts[0])] = String(parts[1]) }
            unsafe next += 1
        }
        return all
    }

    /// The folder in which relative paths begin.
    ///
    /// - Throws: `SystemError` when the kernel does not tell. The corresponding C function is `readlink`.
    package static var folder: FilePath {
        get throws(SystemError) {
            let link: FilePath = "/proc/self/cwd"
            do throws(Errno) { return try KernelLink.target(link) } catch { throw .file("resolving", link, error) }
        }
    }

    /// Says whether a descriptor of it leads to a terminal, and so to a person.
    ///
    /// The corresponding C function is `isatty`.
    package static func isTerminal(_ descriptor: FileDescriptor) -> Bool { isatty(descriptor.rawValue) == 1 }

    /// Makes that what it writes either arrives or is an error that it sees; for the beginning of a program.
    ///
    /// `SIGPIPE` is ignored, so that a pipe whose reader has gone is `EPIPE` and not a silent end. Standard streams that are
    /// closed are opened: the next file would get their number, and would be written to. Writing to such a standard
    /// output still fails, with `EBADF`. Programs that it starts get `SIGPIPE` as usual.
    ///
    /// The corresponding C functions are `signal`, `fcntl` and `open`.
    package static func prepareStandardStreams() {
        clinux_ignore_broken_pipes()
        let modes: [FileDescriptor.AccessMode] = [.writeOnly, .readOnly, .writeOnly]
        for (number, mode) in modes.enumerated() where fcntl(Int32(number), F_GETFD) == -1 {
            // The lowest free number is given, which is this one.
            if let file = try? OwnedDescriptor(opening: "/dev/null", mode) { _ = file.release() }
        }
    }

    /// Goes on as another program, with its own descriptors 0 to 2 and those that are not closed by that.
    ///
    /// The corresponding C function is `execve`.
    ///
    /// - Parameter arguments: what follows the program's name.
    /// - Throws: `SystemError` when it cannot be started; otherwise it does not return.
    package static func become(
        _ program: FilePath, _ arguments: [String], environment: [String: String]
    ) throws(SystemError) -> Never {
        do throws(Errno) {
            let words = try CStringList([program.string] + arguments)
            let variables = try CStringList(environment.map { "\($0.key)=\($0.value)" }.sorted())
            _ = try systemCall { unsafe execve(program.string, words.pointers, variables.pointers) }
            throw .invalidArgument
        } catch { throw .file("starting", program, error) }
    }

    /// Takes the ends of all children that have ended, its own and those that the kernel gave to the first process.
    ///
    /// The corresponding C function is `waitpid`.
    package static func reapChildren() {
        while waitpid(-1, nil, WNOHANG) > 0 {}
    }

    /// Ends it with a status.
    ///
    /// The corresponding C function is `exit`.
    package static func end(_ status: Int32) -> Never { exit(status) }
}

/// Turns signals that ask this process to end into a question that it asks itself where it can stop.
package enum Interruption {
    /// From now on `SIGINT`, `SIGTERM` and `SIGHUP` are only noted; programs that are started get them as usual.
    ///
    /// The corresponding C function is `sigaction`.
    /// - Throws: `SystemError` when the kernel refuses.
    package static func catchSignals() throws(SystemError) {
        do throws(Errno) { _ = try systemCall { clinux_catch_interruptions() } } catch {
            throw .file("catching signals for", "this process", error)
        }
    }

    /// From now on these signals wait for `next`, also those to threads that are started later.
    ///
    /// What this process was told to ignore stays ignored, and programs that are started get all of them as usual.
    ///
    /// The corresponding C function is `pthread_sigmask`.
    /// - Throws: `SystemError` when the kernel refuses.
    package static func holdSignals() throws(SystemError) {
        do throws(Errno) { _ = try systemCall { clinux_hold_interruptions() } } catch {
            throw .file("holding signals for", "this process", error)
        }
    }

    /// Waits for the next signal that is held.
    ///
    /// The corresponding C function is `sigwait`.
    ///
    /// - Returns: its name, such as `SIGINT`; nil when nobody can wait.
    package static func next() -> String? {
        switch clinux_await_interruption() {
        case SIGINT: "SIGINT"
        case SIGTERM: "SIGTERM"
        case SIGHUP: "SIGHUP"
        default: nil
        }
    }

    /// Lets the same be noted when the time is over that this process was given; a later call counts instead.
    ///
    /// The corresponding C function is `alarm`.
    ///
    /// - Parameter time: from now on, in whole seconds, at least one; nil takes back what was said before.
    package static func demand(after time: Duration?) {
        let seconds = time.map { UInt32(clamping: max(1, $0.components.seconds)) }
        clinux_interrupt_after(seconds ?? 0)
    }

    /// Whether one of them has come.
    package static var isRequested: Bool { clinux_interruption() != 0 }

    /// Whether it was the time that was over.
    package static var isOverdue: Bool { clinux_interruption() == SIGALRM }
}
