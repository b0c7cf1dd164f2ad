import BootModel
import CommandOutput
import DiskContract
import ImageModel
import InstalledSystem
import LinuxSystem
import Plans
import ReleaseModel
import SystemPackage
import TransactionPlanning
import Transactions

/// Carries out what `lifeboot install` was asked for.
struct InstallJob {
    private let request: InstallRequest
    private let key: GivenKey?
    private let output: Output
    private let sources: SourceOptions
    private let hooks: HookRunner
    private let running: FilePath?
    private let runningImage: ImageID?

    /// Checks that this is root and finds the image that runs.
    ///
    /// - Throws: `CommandFailure` when this is not root.
    init(_ request: InstallRequest, key: GivenKey?, sources: SourceOptions, isStrict: Bool, _ output: Output) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot("install") }
        self.request = request
        self.key = key
        self.sources = sources
        self.output = output
        hooks = HookRunner(
            isStrict: HookRunner.areStrict(isStrict),
            environment: ["LIFEBOOT_OPERATION=install", "LIFEBOOT_DISK=\(request.disk)"])
        let parameters = BootParameters(KernelCommandLine(parsing: try Procfs.commandLine()))
        runningImage = parameters.image
        running = parameters.role.flatMap { role in
            parameters.image.map { ImageStore(MachinePaths.store(role)).directory($0) }
        }
    }

    /// The plan that would be carried out.
    func plan() throws -> Plan<InstallAction> { try prepared(try supplier().image).plan }

    /// Installs.
    func run() throws {
        let session = try OperationSession("install", output)
        let supplier = try supplier()
        let (plan, disk, grub) = try prepared(supplier.image)
        try MountNamespace.unshare()
        let title = supplier.image.title
        var effects = InstallEffects(
            machine: try LiveInstallMachine(disk: disk, key: key, grub: grub, firmware: plan.firmware),
            supplier: supplier, hooks: hooks, locals: running.map { [$0] } ?? [])
        let outcome = try session.run(plan, &effects, remedy: Self.remedy)
        session.finish("\(title) was installed on \(disk).", outcome)
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
    private func supplier() throws -> OperationSupplier {
        if let source = sources.source {
            let request = try sources.request(for: source)
            return OperationSupplier(
                try request.resolve(for: "installing", running: running, isCancelled: { Interruption.isRequested }))
        }
        guard let running, let runningImage else {
            throw Refusal(
                .role, "installing", "this system", cause: "what runs was not started from an image on a disk",
                remedy: "Name what to install with --source.")
        }
        return OperationSupplier(
            try LocalImageSupplier(running, id: runningImage, source: "the image that runs"))
    }
}

extension Plan<InstallAction> {
    /// What the disk is made to boot under.
    fileprivate var firmware: Set<Firmware> {
        for case .makeBootable(_, let firmware) in steps.map(\.action) { return firmware }
        return []
    }
}
