import DiskContract
package import GrubEnvironment
import ImageModel
package import InstalledSystem
import LinuxSystem
import SystemPackage
package import TransactionPlanning

extension StoreFacts.Image {
    /// Describes an image as it was found.
    ///
    /// - Parameter bytes: what its files take.
    package init(_ stored: StoredImage, bytes: Int) {
        let manifest = stored.manifest
        self.init(
            stored.id, bytes: bytes, version: manifest?.version, sequence: manifest?.sequence,
            source: manifest?.source, isWhole: stored.isWhole)
        name = manifest?.name
        system = manifest?.osRelease("IMAGE_ID") ?? manifest?.osRelease("ID")
        created = manifest?.createdAt.seconds
    }
}

extension StatusFacts {
    /// Whether recovery is to get the image of active; nil when the boot environment cannot be used.
    package var recoveryFollowing: RecoveryFollowing? {
        environment.environment.map { environment in
            RecoveryFollowing(environment, state: store(.state), recovery: store(.recovery), stays: recoveryStays)
        }
    }

    /// What is on a store, as plans are made from it; sizes and room are not looked at.
    private func store(_ store: Store) -> StoreFacts {
        var facts = StoreFacts(
            images: images.filter { $0.store == store }.map { StoreFacts.Image($0, bytes: 0) }, free: 0)
        if unknownPlaces.contains(store) { facts.problem = "its images could not be listed" }
        return facts
    }
}

extension InstalledRecord {
    /// Whether the image that is active now was installed with the wish that recovery stays what it is.
    ///
    /// A record that cannot be read, or tells of another image, is no such wish.
    package static func keepsRecovery(
        _ machine: borrowing some StoreAccess & ~Copyable, _ environment: BootEnvironment?
    ) -> Bool {
        let bytes = try? machine.read(.state) { root in
            try FileBytes.readIfPresent(root.appending(file.components), limit: sizeLimit)
        }
        guard let record = bytes.flatMap({ $0 }).flatMap({ InstalledRecord(parsing: $0) }) else { return false }
        return record.recoveryStays && record.image != nil && record.image == environment?.active
    }
}
