import BlockDevices
import BootModel
import BootPlanning
import Encryption
import Faults
import InstalledSystem
import LinuxSystem
import Plans
import SystemLayout
import SystemPackage

/// Finding the persistent partition, opening it when it is encrypted, and mounting it.
extension LiveBootEffects {
    /// How often a passphrase is asked for.
    private static let attempts = 3

    /// Waits for the device.
    mutating func findPersistent(_ source: DeviceSource) throws -> StepResult<UndoAction> {
        found.persistentDevice.set(try find(source))
        return StepResult()
    }

    /// Opens the device when it is encrypted; one of which that cannot be told is not taken for a plain one.
    mutating func unlockPersistent(
        _ name: String, _ keyFiles: [FilePath], _ timeout: Int?, _ mustBeEncrypted: Bool
    ) throws -> StepResult<UndoAction> {
        let device = try found.persistentDevice.get()
        if device.problem != nil { _ = try device.requiredFilesystem }
        guard device.filesystemType == "crypto_LUKS" else {
            if mustBeEncrypted { throw EffectError.notEncrypted(device.path, holding: device.filesystemType) }
            found.persistentVolume.set(device)
            return StepResult()
        }
        let result = try unlock(device.path, name, keyFiles, timeout)
        // Opening it has made the node already; without it there is nothing to wait for.
        let mapping = DeviceSource.anywhere(.path(FilePath("/dev/mapper/\(name)")), timeout: 1)
        do { found.persistentVolume.set(try find(mapping)) } catch {
            // A step that fails leaves nothing to undo.
            do { try VolumeActivation.close(name) } catch { log("\(error)") }
            throw error
        }
        return result
    }

    /// Mounts the device, or what was opened in it.
    mutating func mountPersistent(_ spec: MountSpec, _ force: Bool?) throws -> StepResult<UndoAction> {
        let result = try mount(found.persistentVolume.get(), spec, nil, force)
        found.persistent.set(spec.target)
        return result
    }

    /// Opens a volume by the first key file that fits, else by a passphrase from the console.
    private func unlock(
        _ device: FilePath, _ name: String, _ keyFiles: [FilePath], _ timeout: Int?
    ) throws -> StepResult<UndoAction> {
        var tried: [String] = []
        for file in keyFiles {
            do {
                guard let bytes = try readFile(file, limit: VolumeKey.limit) else {
                    tried.append("\(file) is not there")
                    continue
                }
                if try open(device, name, VolumeKey(bytes, from: file.string)) { return result(name, tried) }
                tried.append("\(file) does not open it")
            } catch let error as SystemError { tried.append("\(error)") } catch let error as EncryptionError
                where error.subject == file.string
            { tried.append("\(error)") }
        }
        guard let timeout else { throw EffectError.locked(device, tried + ["nobody is to be asked"]) }
        guard try ask(device, name, timeout) else {
            throw EffectError.locked(device, tried + ["no passphrase that opens it was given at the console"])
        }
        return result(name, tried)
    }

    private func result(_ name: String, _ tried: [String]) -> StepResult<UndoAction> {
        StepResult(note: tried.isEmpty ? nil : tried.joined(separator: "; "), undo: [.closeVolume(name)])
    }

    private func open(_ device: FilePath, _ name: String, _ key: borrowing VolumeKey) throws -> Bool {
        // Deriving the key from a passphrase may take seconds.
        serveWatchdog()
        let opened = try VolumeActivation.open(device, as: name, with: key) != nil
        serveWatchdog()
        return opened
    }

    /// Asks a few times, in all no longer than the time given.
    private func ask(_ device: FilePath, _ name: String, _ timeout: Int) throws -> Bool {
        let deadline = Deadline.after(.seconds(timeout))
        for attempt in 1...Self.attempts {
            let question = "lifeboot: passphrase for \(device) (\(attempt) of \(Self.attempts)): "
            guard let line = try ConsolePrompt.secret(question, until: deadline, whileWaiting: { serveWatchdog() })
            else {
                return false
            }
            guard !line.isEmpty else { continue }
            if try open(device, name, try VolumeKey(line)) { return true }
            Console.write("lifeboot: this does not open it.\n")
        }
        return false
    }
}
