import BootModel
import LinuxSystem
import Plans
import SystemPackage

/// What the booted system finds.
extension LiveBootEffects {
    /// Files that show that the system takes over the watchdog.
    static let watchdogSetups: [FilePath] = [
        "/usr/lib/systemd/system.conf.d/50-lifeboot-watchdog.conf",
        "/etc/systemd/system.conf.d/50-lifeboot-watchdog.conf",
    ]

    mutating func armWatchdog(_ seconds: Int) throws -> StepResult<UndoAction> {
        guard let armed = try Watchdog.arm(timeout: seconds) else {
            kernelLog.write("this machine has no watchdog")
            return StepResult()
        }
        kernelLog.write("the watchdog resets this machine after \(armed.timeout) s")
        watchdog = consume armed
        return StepResult()
    }

    /// Tells the watchdog that this goes on: a disk that is slow to appear, a long repair, or somebody who types is no hang.
    func serveWatchdog() {
        guard watchdog != nil else { return }
        do { try watchdog?.keepAlive() } catch { log("\(error)") }
    }

    /// Stops the watchdog for somebody who looks into a failure; it would reset the machine under their hands.
    mutating func releaseWatchdog() {
        do { try watchdog.take()?.disarm() } catch { log("\(error)") }
    }

    /// Leaves the watchdog armed for a system that is set up for it; another one would be reset while it runs well.
    mutating func handOverWatchdog(_ root: FilePath) throws -> StepResult<UndoAction> {
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
    func keepMachineID(_ root: FilePath, _ store: FilePath) throws -> StepResult<UndoAction> {
        let kept = store.appending("machine-id")
        let stored = try DirectoryHandle(root: store, crossesMounts: false).read("machine-id", limit: 64)
            .flatMap(MachineID.init)
        let inImage = try DirectoryHandle(root: root).read("/etc/machine-id", limit: 64)
        let id = stored ?? inImage.flatMap(MachineID.init) ?? MachineID.random()
        if stored == nil { try AtomicFile.write(id.bytes, to: kept) }
        try DirectoryHandle(root: root).write(id.bytes, to: "/etc/machine-id")
        try awaitedLabels?.add("/etc/machine-id")
        if stored == nil { kernelLog.write("first boot: the machine-id is \(id.text)") }
        return StepResult()
    }

    /// Tells systemd not to unmount at shutdown what only the end of the machine may unmount.
    ///
    /// Without this `umount.target` stops `/etc` and its kind while they are in use, and says that it failed. systemd
    /// reads the mark through libmount, which keeps such options in `utab` (libmount's tab_update.c has the form).
    /// Drop-ins for the mount units do not serve: systemd reads them after it has ordered the unmounting.
    func markMounts(_ points: [FilePath], _ root: FilePath, _ table: FilePath) throws -> StepResult<UndoAction> {
        let mounts = try Procfs.mounts()
        let lines = points.compactMap { point -> String? in
            let places = [root.appending(point.components), point]
            let entry = mounts.last { places.contains($0.target) }
            return entry.map { entry in
                let fields = [entry.source, point.string, entry.root.string].map(\.mangled)
                return "SRC=\(fields[0]) TARGET=\(fields[1]) ROOT=\(fields[2]) OPTS=x-initrd.mount\n"
            }
        }
        try Folders.make(table.removingLastComponent())
        try AtomicFile.write(Array(lines.joined().utf8), to: table)
        return StepResult()
    }

    func writeFile(_ path: FilePath, _ contents: String) throws -> StepResult<UndoAction> {
        try Folders.make(path.removingLastComponent())
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
        var source = EarlyRandom()
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &source) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        return MachineID(text: bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
}

extension String {
    /// The text with white space and backslashes as octal escapes, the form of fstab and utab.
    fileprivate var mangled: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case " ": text += "\\040"
            case "\t": text += "\\011"
            case "\n": text += "\\012"
            case "\\": text += "\\134"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
