import CLinux
import Glibc
package import SystemPackage

/// What `posix_spawn` needs to know besides the streams.
struct SpawnRequest {
    /// The program as it was named.
    let program: String
    private let path: String
    private let arguments: [String]
    private let environment: [String]?
    private let directory: FilePath?
    /// Whether the child leads a process group of its own.
    let leadsGroup: Bool

    /// Looks the program up and checks the strings.
    init(
        _ program: String, _ arguments: [String], environment: [String]?, directory: FilePath?, leadsGroup: Bool
    ) throws(ProcessError) {
        let strings = [program] + arguments + (environment ?? [])
        guard strings.allSatisfy({ !$0.utf8.contains(0) }) else { throw .nulInArgument(program) }
        path = try Executable.find(program).string
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.leadsGroup = leadsGroup
    }

    /// Starts the program with exactly the three descriptors of the streams.
    func spawn(_ streams: [Int32]) throws(Errno) -> pid_t {
        var raised: [Int32] = []
        defer { for descriptor in raised { close(descriptor) } }
        for stream in streams {
            raised.append(try systemCall { clinux_duplicate_above(stream, Int32(streams.count)) })
        }
        let argumentList = try CStringList([program] + arguments)
        let environmentList = try environment.map { (strings) throws(Errno) in try CStringList(strings) }
        var identifier: pid_t = 0
        let result = unsafe clinux_spawn(
            &identifier, path, argumentList.pointers, environmentList?.pointers ?? clinux_environment(), raised,
            Int32(raised.count), directory?.string, leadsGroup ? 1 : 0)
        if result != 0 { throw Errno(rawValue: result) }
        return identifier
    }
}

/// Owns a null-terminated array of C strings.
@safe final class CStringList {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) throws(Errno) {
        count = strings.count
        unsafe pointers = .allocate(capacity: count + 1)
        unsafe pointers.initialize(repeating: nil, count: count + 1)
        for (index, string) in strings.enumerated() {
            unsafe pointers[index] = strdup(string)
            if unsafe pointers[index] == nil { throw .noMemory }
        }
    }

    deinit {
        for index in 0..<count { unsafe free(pointers[index]) }
        unsafe pointers.deallocate()
    }
}

/// Looks programs up the way a shell does.
package enum Executable {
    /// What is searched when `PATH` is not set, as in an initramfs.
    static let defaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Returns the file of a program: the name itself when it holds a slash, else the first match in `PATH`.
    /// - Throws: `ProcessError` when there is none; a path with a slash is not checked here.
    package static func find(_ program: String) throws(ProcessError) -> FilePath {
        if program.utf8.contains(UInt8(ascii: "/")) { return FilePath(program) }
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? defaultSearchPath
        let found = path.split(separator: ":").map { "\($0)/\(program)" }.first(where: isExecutable)
        guard let found, !program.isEmpty else { throw .notFound(program, searched: path) }
        return FilePath(found)
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
