import BootModel
import DiskContract
import Faults
import ImageModel
import ImageSources
import InstalledSystem
import LinuxSystem
package import Plans
import ReleaseModel
package import SystemPackage
package import TransactionPlanning

/// The whole of `lifeboot install`, without its arguments and its words.
package struct InstallOperation {
    private let request: InstallRequest
    private let key: GivenKey?
    private let source: String?
    private let access: SourceAccess
    private let hooksAreStrict: Bool
    private let observer: TransactionObserver
    private let running: FilePath?
    private let runningImage: ImageID?

    /// Finds the image that runs.
    ///
    /// - Parameters:
    ///   - key: the key that the operator gave.
    ///   - source: where the image comes from; nil for the one that runs.
    ///   - hooksAreStrict: whether a hook that fails ends it; the configuration may be more lenient.
    ///   - observer: is told what happens.
    /// - Throws: `Refusal` when this is not root.
    package init(
        _ request: InstallRequest, key: GivenKey?, source: String?, access: SourceAccess, hooksAreStrict: Bool,
        observer: @escaping TransactionObserver
    ) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot("install") }
        var request = request
        request.oemFiles = try request.oemFiles ?? LiveMedium.oemFiles()
        self.request = request
        self.key = key
        self.source = source
        self.access = access
        self.observer = observer
        self.hooksAreStrict = HookRunner.areStrict(hooksAreStrict)
        let parameters = BootParameters(KernelCommandLine(parsing: try Procfs.commandLine()))
        runningImage = parameters.image
        running = parameters.imageFolder
    }

    /// The plan that would be carried out.
    ///
    /// - Throws: `Refusal` with the reason not to; the errors of source and disk.
    package func plan() throws -> Plan<InstallAction> { try prepared(try supply().image).plan }

    /// Installs.
    ///
    /// - Returns: what became of it, name and version of the image, and the kernel's own node of the disk.
    /// - Throws: `Refusal`, `TransactionFailure`; the disk then does not boot.
    package func run() throws -> (outcome: TransactionOutcome, title: String, disk: FilePath) {
        let session = try OperationSession("install", isAnywhere: true, observer: observer)
        let supply = try supply()
        let (plan, disk, grub) = try prepared(supply.image)
        try OperationSession.separateMounts()
        let title = supply.image.title
        let hooks = HookRunner(
            isStrict: hooksAreStrict, environment: ["LIFEBOOT_OPERATION=install", "LIFEBOOT_DISK=\(disk)"])
        var effects = InstallEffects(
            machine: try LiveInstallMachine(
                disk: disk, key: key, grub: grub, firmware: plan.firmware, grubPassword: request.grubPassword),
            supplier: supply, hooks: hooks, locals: running.map { [$0] } ?? [])
        return (try session.run(plan, &effects, remedy: Self.remedy), title, disk)
    }

    private static let remedy =
        "The disk does not boot; the same command installs again, with --force when it finds an installation there."

    private func prepared(
        _ image: PlannedImage
    ) throws -> (plan: Plan<InstallAction>, disk: FilePath, grub: GrubSource) {
        let grub = try GrubSource()
        let (facts, disk) = try InstallFacts.gather(
            request.disk, image: image, oemFiles: request.oemFiles, grub: grub, isKeyGiven: key != nil)
        var request = request
        request.disk = disk
        let plan = try InstallPlan.make(request, facts)
        guard let grub else {
            throw Refusal(
                .impossible, "installing", "GRUB", cause: "the running image has no \(GrubSource.place)",
                remedy: "Install from an image that was built with lifeboot's GRUB files.")
        }
        return (plan, disk, grub)
    }

    /// The image of the source, else the one that runs.
    private func supply() throws -> ImageSupply {
        if let source { return .fetched(try access.resolve(source, for: "installing", running: running)) }
        guard let running, let runningImage else {
            throw Refusal(
                .role, "installing", "this system",
                cause: "what runs was not started from an image on a disk or medium",
                remedy: "Name what to install with --source.")
        }
        return .local(try LocalImageSupplier(running, id: runningImage, source: "the image that runs"))
    }
}

extension Plan<InstallAction> {
    /// What the disk is made to boot under.
    fileprivate var firmware: Set<Firmware> {
        for case .makeBootable(_, let firmware) in steps.map(\.action) { return firmware }
        return []
    }
}
