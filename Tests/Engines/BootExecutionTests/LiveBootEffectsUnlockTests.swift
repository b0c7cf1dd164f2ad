import BlockDevices
import BootModel
import BootPlanning
import DiskContract
import Plans
import SystemPackage
import Testing

@testable import BootExecution

@Suite("Live boot effects: the persistent device")
struct LiveBootEffectsUnlockTests {
    private static func unlock(mustBeEncrypted: Bool = false) -> BootAction {
        .unlockPersistent(name: "lifeboot-none", keyFiles: [], timeout: nil, mustBeEncrypted: mustBeEncrypted)
    }

    private static func device(_ type: String?, problem: String? = nil) -> BlockDevice {
        var device = BlockDevice(path: "/dev/none")
        (device.filesystemType, device.problem) = (type, problem)
        return device
    }

    @Test(
        "a device that is not encrypted is left as it is, and mounting says what is wrong with it",
        arguments: ["ext4", nil])
    func plain(type: String?) throws {
        var effects = LiveBootEffects(parameters: BootParameters())
        effects.found.persistentDevice.set(Self.device(type))
        let result = try effects.perform(Self.unlock())
        #expect(result.note == nil && result.undo == [])
        #expect(effects.found.persistentVolume.ifGiven == Self.device(type))
        #expect(effects.handoffFacts().hasPersistent == false)
    }

    @Test("a device of which nobody can tell whether it is encrypted is not taken for a plain one")
    func unreadable() throws {
        var effects = LiveBootEffects(parameters: BootParameters())
        effects.found.persistentDevice.set(Self.device(nil, problem: "input/output error"))
        do {
            _ = try effects.perform(Self.unlock())
            Issue.record("it went on")
        } catch { #expect("\(error)".contains("input/output error")) }
        #expect(effects.found.persistentVolume.ifGiven == nil)
    }

    @Test(
        "a device that must be encrypted and is not is refused, whatever it holds",
        arguments: ["ext4", "vfat", nil])
    func unencrypted(type: String?) throws {
        var effects = LiveBootEffects(parameters: BootParameters())
        effects.found.persistentDevice.set(Self.device(type))
        do {
            _ = try effects.perform(Self.unlock(mustBeEncrypted: true))
            Issue.record("it went on")
        } catch { #expect("\(error)".contains("the layout says that it is encrypted"), "\(error)") }
        #expect(effects.found.persistentVolume.ifGiven == nil)
    }

    @Test("a boot disk that is not known is an error of the step that looks for the device, not an absent device")
    func unknownDisk() throws {
        var effects = LiveBootEffects(parameters: BootParameters())
        do {
            _ = try effects.perform(.findPersistent(.bootDisk(.persistent)))
            Issue.record("it went on")
        } catch { #expect("\(error)".contains("the boot disk is not known")) }
    }
}
