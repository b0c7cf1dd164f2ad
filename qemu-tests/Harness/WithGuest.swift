import Foundation

/// Runs `body` with a machine made from `configuration`, and kills the machine at the end, however that comes.
///
/// Waits until fewer than two guests run. A failure carries the end of the serial console; with
/// `LIFEBOOT_MACHINE_LOGS` set to a directory, the whole console is kept there.
func withGuest<Result: Sendable>(
    _ configuration: GuestConfiguration, _ body: (Guest) async throws -> Result
) async throws -> Result {
    await GuestSlots.shared.acquire()
    do {
        let result = try await runGuest(configuration, body)
        await GuestSlots.shared.release()
        return result
    } catch {
        await GuestSlots.shared.release()
        throw error
    }
}

private func runGuest<Result: Sendable>(
    _ configuration: GuestConfiguration, _ body: (Guest) async throws -> Result
) async throws -> Result {
    try await withScratchDirectory { directory in
        let console = SerialLog(path: "\(directory)/serial.log")
        defer { keep(console) }
        do {
            let guest = try await Guest(configuration, in: directory)
            let result: Result
            do { result = try await body(guest) } catch {
                await guest.cutPower()
                throw error
            }
            await guest.cutPower()
            return result
        } catch {
            var failure = error as? MachineError ?? MachineError("run a guest", String(describing: error))
            failure.serialTail = console.tail()
            throw failure
        }
    }
}

/// Runs `body` with a directory of its own, with a path short enough for sockets, and removes it afterwards.
func withScratchDirectory<Result: Sendable>(_ body: (String) async throws -> Result) async throws -> Result {
    let directory = "/tmp/lifeboot-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
}

private func keep(_ console: SerialLog) {
    guard let directory = ProcessInfo.processInfo.environment["LIFEBOOT_MACHINE_LOGS"] else { return }
    try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let name = console.path.split(separator: "/").dropLast().last ?? "guest"
    try? FileManager.default.copyItem(atPath: console.path, toPath: "\(directory)/\(name).log")
}
