import JSONText

/// QEMU's machine protocol (QMP): commands with answers, and events.
actor MachineMonitor {
    /// The events that QEMU sent and nobody took yet, such as `RESET`, `SHUTDOWN` and `WATCHDOG`.
    let events = Mailbox<String>()
    private let socket: LineSocket
    private let answers = Mailbox<JSONValue>()
    private var commandCount: Int64 = 0

    /// Prepares for a QEMU that will connect to `path`.
    init(listeningOn path: String) throws {
        socket = try LineSocket(listeningOn: path)
    }

    /// Takes QEMU's greeting and leaves negotiation mode; throws when QEMU does not come within `limit`.
    func connect(within limit: Duration) async throws {
        _ = try await socket.lines.first("QEMU's greeting", within: limit)
        Task { [socket, answers, events] in await Self.sort(socket.lines, answers: answers, events: events) }
        _ = try await command("qmp_capabilities")
    }

    /// Runs a command and returns its answer; throws what QEMU reports as an error.
    @discardableResult
    func command(_ name: String, _ arguments: JSONObject = JSONObject()) async throws -> JSONValue {
        commandCount += 1
        let number = commandCount
        let request: JSONValue = .object([
            "execute": .string(name), "arguments": .object(arguments), "id": .integer(number),
        ])
        try socket.send(String(decoding: request.serialized(), as: UTF8.self))
        let answer = try await answers.first("QEMU's answer to \(name)", within: .seconds(30)) {
            $0["id"]?.integer == number
        }
        if let error = answer["error"]?["desc"]?.text { throw MachineError("ask QEMU to \(name)", error) }
        return answer["return"] ?? .null
    }

    private static func sort(_ lines: Mailbox<String>, answers: Mailbox<JSONValue>, events: Mailbox<String>) async {
        while let line = try? await lines.first("a line from QEMU", within: .seconds(86_400)) {
            guard let message = try? JSONValue(parsing: Array(line.utf8)) else { continue }
            if let event = message["event"]?.text { await events.post(event) } else { await answers.post(message) }
        }
        await answers.close()
        await events.close()
    }
}
