import Glibc
package import SystemPackage

/// Writes lines to the kernel's log, and so to the console and the journal; to standard error where there is none.
package struct KernelLog: Sendable {
    /// How important a line is (syslog(2)).
    package enum Level: Int, Sendable {
        /// The boot cannot go on as wanted.
        case error = 3
        /// Something is missing and was done without.
        case warning = 4
        /// Worth knowing afterwards.
        case notice = 5
        /// What is going on.
        case info = 6
        /// For finding faults.
        case debug = 7
    }

    /// Most bytes of one line; the kernel cuts records at about 1,000 with its prefix.
    static let capacity = 900

    private let name: String
    private let device: FilePath

    /// Makes a log whose lines begin with a name.
    package init(name: String, device: FilePath = "/dev/kmsg") {
        self.name = name
        self.device = device
    }

    /// Writes a message, one record for each of its lines.
    ///
    /// Never fails: there is nowhere left to say so.
    package func write(_ message: String, level: Level = .info) {
        for record in Self.records(message, level: level, name: name) {
            // A new descriptor each time, because the kernel limits the rate of each to 10 records in 5 seconds.
            if append(record, to: device) { continue }
            _ = try? FileDescriptor.standardError.writeAll(record.drop { $0 != UInt8(ascii: ">") }.dropFirst())
        }
    }

    /// Returns the records of a message as the kernel takes them, `<6>name: line` each.
    static func records(_ message: String, level: Level, name: String) -> [[UInt8]] {
        message.split(separator: "\n").map { line in
            var bytes = Array("<\(level.rawValue)>\(name): \(line)".utf8.prefix(capacity))
            if line.utf8.count > bytes.count {
                while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
                if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
            }
            return bytes.map { $0 < 0x20 ? UInt8(ascii: " ") : $0 } + [UInt8(ascii: "\n")]
        }
    }
}

/// Writes to the consoles that a person may look at.
package enum Console {
    /// The consoles that the kernel writes to, serial or not; `/dev/console` where it does not say which.
    package static var all: [FilePath] {
        let active = try? FileBytes.read("/sys/class/tty/console/active", limit: 4096)
        let names = active.map { String(decoding: $0, as: UTF8.self).split { $0 == " " || $0 == "\n" } } ?? []
        return names.isEmpty ? [device] : names.map { FilePath("/dev/\($0)") }
    }

    /// Where the kernel puts what a first process says.
    private static let device: FilePath = "/dev/console"

    /// Writes a message with a line feed at its end to every console.
    ///
    /// Returns whether there was one to take it.
    @discardableResult
    package static func writeToAll(_ message: String) -> Bool {
        let results = all.map { append(bytes(message), to: $0) }
        return results.contains(true) || write(message)
    }

    /// Writes a message with a line feed at its end to one of them; returns whether it took it.
    @discardableResult
    package static func write(_ message: String, to console: FilePath) -> Bool { append(bytes(message), to: console) }

    /// Writes a message with a line feed at its end; returns whether there was a console to take it.
    @discardableResult
    package static func write(_ message: String) -> Bool {
        append(bytes(message), to: device)
    }

    private static func bytes(_ message: String) -> [UInt8] {
        let text = message.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n") + "\r\n"
        return Array(text.utf8)
    }
}

/// Writes to a device and returns whether it took everything.
private func append(_ bytes: [UInt8], to device: FilePath) -> Bool {
    do throws(Errno) {
        let owner = try OwnedDescriptor(opening: device, .writeOnly, options: .init(rawValue: O_NOCTTY))
        return try owner.use { (device) throws(Errno) in
            try catchingErrno { try device.writeAll(bytes) } == bytes.count
        }
    } catch {
        return false
    }
}
