import GrubEnvironment
import ImageModel

/// One entry of systemd's journal: a message, and what it is about as fields of its own (docs/journal.md).
package struct JournalEntry: Equatable, Sendable {
    /// The most bytes of one value; a datagram holds all of them.
    private static let limit = 4096

    /// What happened.
    package var message: JournalMessage
    /// The names and values, in order; absent ones left out.
    package private(set) var fields: [(name: String, value: String)]

    /// Makes an entry.
    ///
    /// - Parameter text: what people read.
    init(_ message: JournalMessage, _ text: String) {
        self.message = message
        fields = [
            ("MESSAGE", text), ("MESSAGE_ID", message.rawValue), ("PRIORITY", "\(message.priority)"),
            ("SYSLOG_IDENTIFIER", "lifeboot"),
        ]
    }

    private mutating func add(_ name: String, _ value: String?) {
        if let value { fields.append((name, value)) }
    }

    private mutating func add(_ role: Role?, _ image: ImageID?) {
        add("LIFEBOOT_ROLE", role?.rawValue)
        add("LIFEBOOT_IMAGE", image?.description)
    }

    /// The value of a field; nil when it has none.
    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Compares what the journal would get.
    package static func == (one: JournalEntry, other: JournalEntry) -> Bool { one.datagram == other.datagram }
}

extension JournalEntry {
    /// Words a record of the history; nil for a boot that failed before there was a journal.
    package init?(_ record: HistoryRecord) {
        switch record {
        case .boot(let boot):
            guard let entry = JournalEntry(boot) else { return nil }
            self = entry
        case .operation(let operation): self.init(operation)
        }
    }

    private init?(_ boot: BootRecord) {
        let role = boot.role?.rawValue ?? "unknown"
        let fellBack = boot.reason == .fallback || boot.reason == .rescue
        switch boot.outcome {
        case .failed: return nil
        case .booted where fellBack:
            self.init(.fellBack, "The \(role) system runs because what comes before it could not boot")
        case .booted: self.init(.booted, "The \(role) system runs")
        case .healthy: self.init(.healthy, "The \(role) system is healthy")
        case .unhealthy: self.init(.unhealthy, "The \(role) system is not healthy")
        }
        if let cause = boot.cause { fields[0].value += ": \(cause)" }
        add(boot.role, boot.image)
        add("LIFEBOOT_REASON", boot.reason?.rawValue)
        add("LIFEBOOT_TRIES", boot.triesLeft.map { "\($0)" })
        add("LIFEBOOT_STEP", boot.step)
        add("LIFEBOOT_CAUSE", boot.cause)
    }

    private init(_ operation: OperationRecord) {
        let message: JournalMessage =
            switch operation.kind {
            case .upgrade: .upgraded
            case .rollback: .rolledBack
            case .reset: .reset
            case .install: .installed
            }
        let image = operation.title ?? "image \(operation.image)"
        self.init(message, "\(operation.kind.rawValue): \(operation.role.rawValue) is \(image) now")
        add("LIFEBOOT_OPERATION", operation.kind.rawValue)
        add(operation.role, operation.image)
        add("LIFEBOOT_FORMER_IMAGE", operation.former?.description)
        add("LIFEBOOT_TITLE", operation.title)
    }

    /// Words the failure of an operation in the system that runs.
    ///
    /// - Parameter step: the step that failed; nil where it is known to be none.
    package init(failure: String, of operation: String, step: String?, in parameters: BootParameters) {
        self.init(.failed, failure)
        add("LIFEBOOT_OPERATION", operation)
        add(parameters.role, parameters.image)
        add("LIFEBOOT_STEP", step)
    }
}

extension JournalEntry {
    /// The entry as the journal's socket takes it: `NAME=value` lines, or the length and the bytes where a value has more lines.
    package var datagram: [UInt8] {
        fields.flatMap { name, value -> [UInt8] in
            let bytes = value.utf8.prefix(Self.limit)
            guard bytes.contains(UInt8(ascii: "\n")) else {
                return Array(name.utf8) + [UInt8(ascii: "=")] + bytes + [UInt8(ascii: "\n")]
            }
            let length = (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) }
            return Array(name.utf8) + [UInt8(ascii: "\n")] + length + bytes + [UInt8(ascii: "\n")]
        }
    }
}
