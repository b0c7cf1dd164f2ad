import BootModel
import DiskContract
import Faults
import GrubEnvironment
import ImageFetching
import ImageFolders
package import ImageModel
package import ImageSources
import InstalledSystem
import LinuxSystem
import Plans
import SystemPackage
package import TransactionPlanning

/// An image that an operation put in place.
struct PlacedImage: Equatable {
    var id: ImageID
    var place: Store
}

/// Carries out the steps of upgrades.
package struct UpgradeEffects<Machine: OperationMachine & ~Copyable, Supplier: ImageSupplier & ~Copyable>:
    TransactionEffects, ~Copyable
{
    /// The partitions and the boot environment.
    package var machine: Machine
    /// Where the image comes from.
    package var supplier: Supplier
    /// Runs hooks.
    package var hooks: HookRunner
    /// The image that runs, and its role: never removed.
    package let running: (role: Role, image: ImageID)
    /// The image that this operation put in place; later steps and a second operation use it.
    private(set) var placed = Given<PlacedImage>(DeploymentProduct.image)

    /// Prepares for an operation.
    package init(
        machine: consuming Machine, supplier: consuming Supplier, hooks: HookRunner,
        running: (role: Role, image: ImageID)
    ) {
        self.machine = machine
        self.supplier = supplier
        self.hooks = hooks
        self.running = running
    }

    /// Carries out one step.
    package mutating func perform(_ action: UpgradeAction, progress: StepProgress) throws -> [String] {
        switch action {
        case .runHooks(let event): return try run(event, progress)
        case .openStore(let place): _ = try machine.open(place)
        case .closeStore(let place): try machine.close(place)
        case .removeLeftovers(let place, let names): try remove(names, place)
        case .removeUnused(let place): return try removeUnused(place)
        case .recordRoles(let change), .commit(let change):
            let image = placed.ifGiven?.id
            return try machine.changeRoles { try change.applied(to: $0, image: image) }
        case .removeImage(let place, let image): try remove([image.description], place)
        case .writeImage(let candidate, let place, let staging):
            return try write(candidate, place, staging, progress)
        case .copyImage(let image, let from, let to, let staging):
            try copy(image, from, to, staging, progress)
        case .verifyImage(let place, let image): try verify(place, image, progress)
        case .publishImage(let place, let image):
            try publish(ImageStore(try machine.open(place)).directory(image), image, place, progress)
        case .keepRecord(let candidate, let stays): try keepRecord(candidate, recoveryStays: stays)
        case .noteHistory(let note): try machine.note(note, try placed.get().id)
        }
        return []
    }

    /// Makes partitions read-only that are still writable.
    package mutating func release() -> [String] { machine.closeAll() }

    // MARK: Images

    private mutating func write(
        _ candidate: ImageCandidate, _ place: Store, _ staging: String, _ progress: StepProgress
    ) throws -> [String] {
        let folder = try ImageStore(try machine.open(place)).makeStaging(staging)
        let locals = try localImages()
        let (image, notes) = try supplier.stage(in: folder, locals: locals, progress: progress.report)
        if let products = candidate.products, !products.contains(image.manifest.name) {
            throw UpgradeFacts.otherProduct(candidate.reference, image.manifest.name, products)
        }
        if supplier.signature != .publisher {
            try ImageStore(try machine.open(place)).adopt(image, supplier.signature, state: try machine.open(.state))
        }
        try publish(image.directory, image.id, place, progress)
        return notes
    }

    /// The folders of the images on the partitions that are mounted; a delta takes from them what they have.
    private func localImages() throws -> [FilePath] { try machine.read(.state) { try ImageStore($0).imageFolders } }

    private mutating func copy(
        _ image: ImageID?, _ from: Store, _ to: Store, _ staging: String,
        _ progress: StepProgress
    ) throws {
        let image = try image ?? placed.get().id
        let target = try machine.open(to)
        let folder = try ImageStore(target).makeStaging(staging)
        let staged = try machine.read(from) { source in
            let copy = try ImageCopy.run(from: ImageStore(source).directory(image), into: folder) {
                try progress.report($0)
            }
            try ImageStore(target).adopt(copy, .asWhereItWas(store: source), state: source)
            return copy
        }
        try publish(staged.directory, staged.id, to, progress)
    }

    /// Names an image and makes it last for GRUB; one that has its name may have been cut before that.
    private mutating func publish(
        _ folder: FilePath, _ image: ImageID, _ place: Store, _ progress: StepProgress
    ) throws {
        try progress.check()
        try ImageStore(try machine.open(place)).publish(folder, as: image)
        placed.set(PlacedImage(id: image, place: place))
    }

    /// Checks an image that is there; one that is damaged and has no role is removed, so that the next try makes it anew.
    private mutating func verify(
        _ place: Store, _ image: ImageID, _ progress: StepProgress
    ) throws {
        let fault = try machine.read(place) { root in
            try ImageFolder.fault(of: image, in: ImageStore(root).directory(image), willCheck: progress.willCheck)
        }
        guard let fault else {
            placed.set(PlacedImage(id: image, place: place))
            return
        }
        let isFree = !isUsed(image, place, try machine.environment())
        if isFree { try remove([image.description], place) }
        throw Refusal(
            .mismatch, "checking", "image \(image)", cause: fault,
            remedy: isFree
                ? "It was removed; the same command makes it anew." : "See `lifeboot status` for what else can boot.")
    }

    // MARK: Removing

    /// Removes folders that no role names and that do not run, as the environment is now.
    private mutating func remove(_ names: [String], _ place: Store) throws {
        let environment = try machine.environment()
        let store = ImageStore(try machine.open(place))
        for name in names {
            if let image = ImageID(name), isUsed(image, place, environment) { continue }
            try store.remove(name)
        }
    }

    private mutating func removeUnused(_ place: Store) throws -> [String] {
        let environment = try machine.environment()
        let names = try Folders.names(of: ImageStore(try machine.open(place)).images)
        let unused = names.filter { name in
            ImageID(name).map { !isUsed($0, place, environment) } ?? name.hasPrefix(DiskFiles.stagingPrefix)
        }
        try remove(unused, place)
        return unused.isEmpty ? [] : ["removed from \(place): \(unused.joined(separator: ", "))"]
    }

    private func isUsed(_ image: ImageID, _ place: Store, _ environment: BootEnvironment) -> Bool {
        let roles: [Role] = place == .recovery ? [.recovery] : [.active, .passive]
        if roles.contains(where: { environment.image(of: $0) == image }) { return true }
        return running.image == image && (running.role == .recovery) == (place == .recovery)
    }

    // MARK: Hooks and records

    private mutating func run(_ event: HookEvent, _ progress: StepProgress) throws -> [String] {
        var hooks = hooks
        if let image = placed.ifGiven { hooks.environment.append("LIFEBOOT_NEW_IMAGE=\(image.id)") }
        guard event.moment == .afterChroot else { return try hooks.run(event, progress: progress) }
        let image = try placed.get()
        hooks.folders = ImageChroot.hookFolders
        return try machine.read(image.place) { root in
            try machine.root(of: ImageStore(root).directory(image.id)) { chroot in
                try hooks.run(event, in: chroot, progress: progress)
            }
        }
    }

    private mutating func keepRecord(_ candidate: ImageCandidate, recoveryStays: Bool) throws {
        let record = InstalledRecord(
            candidate, image: try placed.get().id, time: machine.now(), recoveryStays: recoveryStays)
        let path = try machine.open(.state).appending(InstalledRecord.file.components)
        try Folders.make(path.removingLastComponent())
        try AtomicFile.write(record.serialized(), to: path)
    }
}
