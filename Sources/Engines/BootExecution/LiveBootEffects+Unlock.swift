import BlockDevices
import BootModel
import BootPlanning
import Encryption
import LinuxSystem
import SystemPackage

/// Opening the persistent partition when it is encrypted.
extension LiveBootEffects {
    /// How often a passphrase is asked for.
    private static let attempts = 3

    /// Opens a volume by the first key file that fits, else by a passphrase from the console.
    mutating func unlock(
        _ source: DeviceSource, _ name: String, _ keyFiles: [FilePath], _ timeout: Int?
    ) throws -> StepResult {
        let device = try find(source).path
        var tried: [String] = []
        for file in keyFiles {
            do {
                guard try FileStatus.of(file) != nil else {
                    tried.append("\(file) is not there")
                    continue
                }
                let key = try VolumeKey(keyFile: file)
                if try open(device, name, key) { return result(name, tried) }
                tried.append("\(file) does not open it")
            } catch let error as EncryptionError where error.subject == file.string { tried.append("\(error)") }
        }
        guard let timeout else { throw EffectError.locked(device, tried + ["nobody is to be asked"]) }
        guard try ask(device, name, timeout) else {
            throw EffectError.locked(device, tried + ["no passphrase that opens it was given at the console"])
        }
        return result(name, tried)
    }

    private func result(_ name: String, _ tried: [String]) -> StepResult {
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
