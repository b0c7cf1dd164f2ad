import BootModel
import LinuxSystem
import SystemPackage

/// What the booted system finds.
extension LiveBootEffects {
    /// Files that show that the system takes over the watchdog.
    static let watchdogSetups: [FilePath] = [
        "/usr/lib/systemd/system.conf.d/50-lifeboot-watchdog.conf",
        "/etc/systemd/system.conf.d/50-lifeboot-watchdog.conf",
    ]

    mutating func armWatchdog(_ seconds: Int) throws -> StepResult {
        guard let armed = try Watchdog.arm(timeout: seconds) else {
            return StepResult(note: "this machine has no watchdog")
        }
        let note = armed.timeout == seconds ? nil : "the watchdog's timeout is \(armed.timeout) s"
        watchdog = consume armed
        return StepResult(note: note)
    }

    /// Leaves the watchdog armed for a system that is set up for it; another one would be reset while it runs well.
    mutating func handOverWatchdog(_ root: FilePath) throws -> StepResult {
        guard let held = watchdog.take() else { return StepResult() }
        let isSetUp = try Self.watchdogSetups.contains { try FileStatus.of(root.appending($0.components)) != nil }
        if isSetUp {
            try held.keepAlive()
            return StepResult()
        }
        try held.disarm()
        return StepResult(note: "disarmed: the system has no 50-lifeboot-watchdog.conf to take it over")
    }

    /// Takes the machine-id from the store, or makes one at the first boot.
    func keepMachineID(_ root: FilePath, _ store: FilePath) throws -> StepResult {
        let kept = store.appending("machine-id")
        let stored = try FileBytes.readIfPresent(kept, limit: 64).flatMap(MachineID.init)
        let inImage = try FileBytes.readIfPresent(root.appending("etc").appending("machine-id"), limit: 64)
        let id = stored ?? inImage.flatMap(MachineID.init) ?? MachineID.random()
        if stored == nil { try AtomicFile.write(id.bytes, to: kept) }
        try DirectoryHandle(root: root).write(id.bytes, to: "/etc/machine-id")
        return StepResult(note: stored == nil ? "first boot: the machine-id is \(id.text)" : nil)
    }

    /// Tells systemd not to unmount at shutdown what only the end of the machine may unmount.
    ///
    /// Without this `umount.target` stops `/etc` and its kind while they are in use, and says that it failed.
    func generateUnits(_ points: [FilePath], _ directory: FilePath) throws -> StepResult {
        let text = "# Mounted by lifeboot-init.\n[Unit]\nDefaultDependencies=no\n"
        for point in points {
            let folder = directory.appending("\(point.unitName).mount.d")
            try DirectoryListing.make(folder)
            try AtomicFile.write(Array(text.utf8), to: folder.appending("50-lifeboot.conf"))
        }
        return StepResult()
    }

    func writeFile(_ path: FilePath, _ contents: String) throws -> StepResult {
        try DirectoryListing.make(path.removingLastComponent())
        try AtomicFile.write(Array(contents.utf8), to: path)
        return StepResult()
    }
}

/// A machine-id: 32 lower-case hexadecimal digits and a line feed (machine-id(5)).
struct MachineID: Equatable {
    let text: String
    var bytes: [UInt8] { Array((text + "\n").utf8) }

    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        guard text.utf8.count == 32, text.allSatisfy({ "0123456789abcdef".contains($0) }),
            text.contains(where: { $0 != "0" })
        else { return nil }
        self.text = text
    }

    private init(text: String) { self.text = text }

    /// A random one, marked as version 4 of RFC 9562 as systemd does.
    static func random() -> MachineID {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        return MachineID(text: bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
}

extension FilePath {
    /// The name of this path's unit without its suffix, escaped as systemd-escape(1) does with `--path`.
    var unitName: String {
        let text = components.map(\.string).joined(separator: "/")
        guard !text.isEmpty else { return "-" }
        return text.utf8.enumerated().map { index, byte in
            switch byte {
            case UInt8(ascii: "/"): return "-"
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                return String(UnicodeScalar(byte))
            case UInt8(ascii: ".") where index > 0: return "."
            default: return "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }
}
