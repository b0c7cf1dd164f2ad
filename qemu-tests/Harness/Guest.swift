import Foundation
import ImageModel
import JSONText

/// A running machine.
///
/// Made by `withGuest`, which also kills it.
final class Guest: Sendable {
    /// The limit of one boot up to the test service, failed attempts before it included, on a busy host.
    static let bootLimit = Duration.seconds(360) * patience
    /// How many times as long as usual everything may take, on a machine that does much else.
    static let patience = ProcessInfo.processInfo.environment["LIFEBOOT_MACHINE_PATIENCE"].flatMap(Int.init) ?? 1

    let console: SerialLog
    private let monitor: MachineMonitor
    private let channel: TestChannel
    private let process: HostProcess
    private let terminal: LineSocket?

    /// Starts QEMU, with its files in `directory`.
    init(_ configuration: GuestConfiguration, in directory: String) async throws {
        console = SerialLog(path: "\(directory)/serial.log")
        monitor = try MachineMonitor(listeningOn: "\(directory)/qmp")
        channel = try TestChannel(listeningOn: "\(directory)/channel")
        terminal = configuration.keyboard == .serial ? try LineSocket(listeningOn: "\(directory)/serial") : nil
        process = try HostProcess(
            "qemu-system-x86_64", configuration.arguments(in: directory), log: "\(directory)/qemu.log")
        do {
            try await monitor.connect(within: .seconds(30))
        } catch {
            process.kill()
            throw MachineError("start QEMU", "\(error) \(process.log)")
        }
    }

    /// Waits for the next boot to reach the test service.
    func waitForBoot(within limit: Duration = bootLimit) async throws -> BootHello {
        try await channel.hello(within: limit)
    }

    /// Waits for the next boot, and fails unless it is in `role`.
    @discardableResult
    func waitForBoot(role: Role, within limit: Duration = bootLimit) async throws -> BootHello {
        let hello = try await waitForBoot(within: limit)
        guard hello.role == role.rawValue else {
            throw MachineError("boot in role \(role.rawValue)", "it booted in role \(hello.role)")
        }
        return hello
    }

    /// Waits for the next boot, and until it has declared itself healthy in `role`.
    @discardableResult
    func waitForHealthy(role: Role, within limit: Duration = bootLimit) async throws -> BootHello {
        let hello = try await waitForBoot(role: role, within: limit)
        let state = try await waitForVerdict(within: limit)
        guard state.status == 0 else {
            let failed = try await run("systemctl --failed --no-legend --plain").text
            throw MachineError("become healthy", "states: \(state.text); failed units: \(failed)")
        }
        return hello
    }

    /// Waits until the boot that runs has been judged; status 0 means healthy.
    func waitForVerdict(within limit: Duration = bootLimit) async throws -> CommandResult {
        let marked = "systemctl start lifeboot-mark-good.service && test -e /run/lifeboot/healthy"
        return try await run("systemctl is-system-running --wait; \(marked)", within: limit)
    }

    /// Runs a shell command in the guest and returns how it ended.
    func run(_ command: String, within limit: Duration = .seconds(60)) async throws -> CommandResult {
        try await channel.run(command, within: limit)
    }

    /// Runs a shell command that must succeed, and returns its output without white space at the ends.
    @discardableResult
    func output(of command: String, within limit: Duration = .seconds(60)) async throws -> String {
        let result = try await run(command, within: limit)
        guard result.status == 0 else {
            throw MachineError("run '\(command)' in the guest", "status \(result.status): \(result.text)")
        }
        return result.text
    }

    /// Runs a command in the guest whose output is JSON.
    func json(of command: String, within limit: Duration = .seconds(60)) async throws -> JSONValue {
        try JSONValue(parsing: Array(try await output(of: command, within: limit).utf8))
    }

    /// Restarts the guest from inside; the next boot's hello follows.
    func restart() async throws {
        try await channel.order("systemctl --no-block reboot")
    }

    /// Runs a command that ends the boot; the next boot's hello follows.
    func order(_ command: String) async throws { try await channel.order(command) }

    /// Resets the machine at once, as its button would.
    func reset() async throws {
        try await monitor.command("system_reset")
    }

    /// Takes the power away: QEMU is killed, and what it had not written is lost with it.
    ///
    /// Returns when QEMU is gone, because until then it holds its disks.
    func cutPower() async {
        process.kill()
        _ = try? await process.end(within: .seconds(30))
    }

    /// Ends QEMU without a word to the guest, but lets it write to its files what it still holds.
    func endMachine() async throws {
        try await monitor.command("quit")
        _ = try await process.end(within: .seconds(30))
    }

    /// Shuts the guest down from inside, and waits until it is off and QEMU has let go of its disks.
    func shutDown(within limit: Duration = .seconds(60)) async throws {
        try await channel.order("systemctl --no-block poweroff")
        try await waitForOff(within: limit)
    }

    /// Waits until the guest has switched itself off and QEMU has let go of its disks.
    func waitForOff(within limit: Duration) async throws {
        try await waitForEvent("SHUTDOWN", within: limit)
        _ = try await process.end(within: .seconds(30))
    }

    /// Waits for an event of QEMU's, such as `RESET`, `SHUTDOWN`, `WATCHDOG`.
    func waitForEvent(_ name: String, within limit: Duration) async throws {
        _ = try await monitor.events.first("QEMU's event \(name)", within: limit) { $0 == name }
    }

    /// Plugs in the boot disk of a machine that was started without it, as a USB stick.
    func attachDisk() async throws {
        try await monitor.command(
            "device_add", ["driver": "usb-storage", "bus": "xhci.0", "drive": "disk0", "id": "stick"])
    }

    /// Takes the disc out of its drive, whether the guest is done with it or not.
    func takeDiscOut() async throws {
        try await monitor.command("eject", ["id": "drive", "force": .bool(true)])
    }

    /// Stops all processors, so that a moment can be looked at.
    func pause() async throws { try await monitor.command("stop") }

    /// Lets the processors run again.
    func resume() async throws { try await monitor.command("cont") }

    /// Presses keys, one after the other, by QEMU's names such as `esc`, `end`, `ret`.
    func press(_ keys: String...) async throws {
        for key in keys {
            try await monitor.command(
                "send-key", ["keys": .array([.object(["type": "qcode", "data": .string(key)])])])
        }
    }

    /// Presses keys at once, by QEMU's names.
    func press(together keys: String...) async throws {
        let keys = keys.map { JSONValue.object(["type": "qcode", "data": .string($0)]) }
        try await monitor.command("send-key", ["keys": .array(keys)])
    }

    /// Types small letters and the return key, on whatever keyboard the guest has.
    func type(_ line: String) async throws {
        if let terminal { return try terminal.send(line) }
        for letter in line { try await press(String(letter)) }
        try await press("ret")
    }

    /// Presses keys at the terminal on the serial line, as the bytes that it sends for them.
    func key(_ text: String) throws {
        guard let terminal else { throw MachineError("press a key", "this guest has no terminal on its serial line") }
        try terminal.send(bytes: Array(text.utf8))
    }

    /// Saves the picture on the screen as a PNG.
    func saveScreen(to path: String) async throws {
        try await monitor.command("screendump", ["filename": .string(path), "format": "png"])
    }
}
