import Faults
import LinuxSystem
import SystemPackage
import TestMachines
import Testing

@testable import InstalledSystem

struct OperationLockTests {
    /// A process that has ended.
    private static let ended = Int32.max

    /// Takes the lock of a file that somebody holds, and says what was told meanwhile.
    private static func take(
        _ name: String, from holder: String, releasing releases: Bool, within patience: Duration = .milliseconds(20)
    ) throws -> [String] {
        let folder = try TestFolder()
        let file = folder.path.appending("operation")
        var held: FileLock?
        if case .taken(let lock) = try FileLock.attempt(file, holder: holder) { held = lock }
        #expect(held != nil)
        var told: [String] = []
        try withExtendedLifetime(
            OperationLock.take(name, file, within: patience) { sentence in
                told.append(sentence)
                if releases { held = nil }
            }
        ) {}
        return told
    }

    @Test func `a verb waits for the unit that gives recovery its image, and says so`() throws {
        let told = try Self.take("upgrade", from: "upgrade-recovery (process \(Self.ended))", releasing: true)
        #expect(told == ["it waits until recovery has the image that was healthy (process \(Self.ended))"])
    }

    @Test func `a unit that does not end is named after a while`() throws {
        let holder = "upgrade-recovery (process \(ThisProcess.identifier))"
        let refusal = #expect(throws: Refusal.self) { try Self.take("upgrade", from: holder, releasing: true) }
        #expect(refusal?.cause == "\(holder) is at work")
    }

    @Test(arguments: [
        "upgrade (process 7)", "reset (process 7)", "upgrade-recovery (process x)", "upgrade-recovery (process 7",
    ])
    func `for nobody else is waited`(holder: String) throws {
        let refusal = #expect(throws: Refusal.self) { try Self.take("upgrade", from: holder, releasing: true) }
        #expect(refusal?.cause == "\(holder) is at work")
    }
}
