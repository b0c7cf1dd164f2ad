import BootModel
import DiskContract
import Faults
import ImageModel
import ImagePlanning
import InstalledSystem
import LinuxSystem
package import Plans
package import SystemPackage
package import TransactionPlanning

/// What became of an installation that nobody watched.
package enum UnattendedResult {
    /// It was carried out: what became of it, name and version of the image, and the kernel's own node of the disk.
    case installed(TransactionOutcome, title: String, disk: FilePath)
    /// Nothing was done: the disk, named here with its size, has this installation already.
    case wasInstalled(disk: FilePath)
}

/// The whole of `lifeboot install --unattended`, without its words: what the medium's `install.yaml` says, on the one disk
/// that it speaks of, and once.
package struct UnattendedInstallation {
    /// What the medium says.
    package let file: InstallFile
    private let running: ImageID
    private let access: SourceAccess
    private let hooksAreStrict: Bool
    private let observer: TransactionObserver

    /// Reads the medium's file.
    ///
    /// - Parameters:
    ///   - hooksAreStrict: whether a hook that fails ends it; the configuration may be more lenient.
    ///   - observer: is told what happens, and of each disk why it was taken or not.
    /// - Throws: `Refusal` when this is not root or no live system, or the medium says nothing that can be meant.
    package init(access: SourceAccess, hooksAreStrict: Bool, observer: @escaping TransactionObserver) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot("install") }
        let parameters = BootParameters(KernelCommandLine(parsing: try Procfs.commandLine()))
        guard parameters.isLive, let image = parameters.image else {
            throw Refusal(
                .role, "running", "lifeboot install --unattended", cause: "this is no live system",
                remedy: "Start the machine from the medium, or name the disk: `lifeboot install DISK`.")
        }
        running = image
        file = try InstallFile.read(from: MachinePaths.medium)
        self.access = access
        self.hooksAreStrict = hooksAreStrict
        self.observer = observer
    }

    /// The plan that would be carried out; nil when nothing would be done.
    ///
    /// - Throws: as `run()`.
    package func plan() throws -> Plan<InstallAction>? {
        let disk = try choose()
        return try isInstalled(disk) ? nil : try operation(on: disk).plan()
    }

    /// Installs, unless the disk has this installation already.
    ///
    /// - Throws: `Refusal` when not exactly one disk is meant; as `InstallOperation.run()`.
    package func run() throws -> UnattendedResult {
        let disk = try choose()
        if try isInstalled(disk) { return .wasInstalled(disk: disk) }
        let (outcome, title, node) = try operation(on: disk).run()
        return .installed(outcome, title: title, disk: node)
    }

    /// What is to be installed.
    private var image: ImageID { file.image ?? running }

    private func choose() throws -> FilePath {
        let choice = DiskChoice(file.disk, among: try DiskCandidate.all(), file.sizes)
        for line in choice.lines { observer(.note(line)) }
        return try choice.get(InstallFile.name).path
    }

    private func isInstalled(_ disk: FilePath) throws -> Bool {
        let loaders = InstallFacts.firmware(try GrubSource())
        return try FoundInstallation(on: disk, loaders: loaders)?.holds(image) ?? false
    }

    private func operation(on disk: FilePath) throws -> InstallOperation {
        var request = InstallRequest(disk: disk, partitions: .new(file.sizes))
        request.isForced = file.isForced
        request.words = .file
        request.protection = file.encryption.protection
        let passphrase = MachinePaths.medium.appending(InstallFile.passphraseName)
        let key: GivenKey? = file.encryption == .passphrase ? .passphraseFile(passphrase) : nil
        return try InstallOperation(
            request, key: key, source: try source(), access: access, hooksAreStrict: hooksAreStrict, observer: observer)
    }

    /// The folder of another image on the medium; nil for the one that runs.
    private func source() throws -> String? {
        guard image != running else { return nil }
        let folder = MachinePaths.medium.appending(DiskFiles.image(image).components)
        guard try FileStatus.of(folder) == nil else { return "dir:\(folder)" }
        throw Refusal(
            .notFound, "installing", "image \(image)", cause: "there is no \(folder)",
            remedy:
                "Put the image on the medium (`boatyard iso --install`); where it was copied into memory, start with "
                + "lifeboot.toram=no.")
    }
}

extension InstallFile.Encryption {
    /// How the persistent partition is made.
    var protection: PersistentProtection {
        switch self {
        case .none: .none
        case .key: .storedKey
        case .passphrase: .passphrase
        }
    }
}
