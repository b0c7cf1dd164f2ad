import Foundation

/// What the guest's test service says when it starts: once for each boot.
struct BootHello: Sendable {
    /// The kernel's id of this boot.
    let bootID: String
    /// The role the system booted in: `active`, `passive`, `recovery`, or `-` when there is no sentinel.
    let role: String
}

/// How a command in the guest ended.
struct CommandResult: Sendable {
    /// The exit status of the shell.
    let status: Int
    /// What it wrote to standard output and standard error.
    let output: String

    /// The output without white space at its ends.
    var text: String { output.trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// The virtio serial port `org.lifeboot.test`, answered by `guest/overlay/usr/lib/lifeboot-test/channel`.
///
/// Lines from the guest: `hello <boot id> <role>` and `<number> <status> <base64 of the output>`.
/// Lines to the guest: `<number> <base64 of a shell command>`.
actor TestChannel {
    private let socket: LineSocket
    private var commandCount = 0

    /// Prepares for a QEMU that will connect to `path`.
    init(listeningOn path: String) throws {
        socket = try LineSocket(listeningOn: path)
    }

    /// Waits for the next boot's hello.
    func hello(within limit: Duration) async throws -> BootHello {
        let line = try await socket.lines.first("the guest's hello", within: limit) { $0.hasPrefix("hello ") }
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3 else { throw MachineError("read the guest's hello", "it is '\(line)'") }
        return BootHello(bootID: words[1], role: words[2])
    }

    /// Gives a shell command to the guest without waiting for an answer, which its end may cut off.
    func order(_ command: String) throws {
        commandCount += 1
        try socket.send("\(commandCount) " + Data(command.utf8).base64EncodedString())
    }

    /// Runs a shell command in the guest.
    func run(_ command: String, within limit: Duration) async throws -> CommandResult {
        commandCount += 1
        let prefix = "\(commandCount) "
        try socket.send(prefix + Data(command.utf8).base64EncodedString())
        let line = try await socket.lines.first("the answer to '\(command)'", within: limit) { $0.hasPrefix(prefix) }
        let words = line.split(separator: " ").map(String.init)
        guard
            words.count >= 2, let status = Int(words[1]),
            let output = Data(base64Encoded: words.dropFirst(2).joined())
        else { throw MachineError("read the answer to '\(command)'", "it is '\(line)'") }
        return CommandResult(status: status, output: String(decoding: output, as: UTF8.self))
    }
}
