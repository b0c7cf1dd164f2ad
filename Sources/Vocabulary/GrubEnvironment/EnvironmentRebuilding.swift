// Makes a new boot environment out of what is on the disk when `boot.env` says nothing usable.

package import DiskContract
package import ImageModel

/// An image that was found on the disk.
package struct FoundImage: Equatable, Sendable {
    /// The image.
    package var id: ImageID
    /// The partition it is on.
    package var place: Store
    /// The manifest's sequence: higher is newer.
    package var sequence: Int64
    /// The manifest's time of creation, in seconds since 1970.
    package var createdAt: Int64

    /// Describes a found image.
    package init(id: ImageID, place: Store, sequence: Int64, createdAt: Int64) {
        self.id = id
        self.place = place
        self.sequence = sequence
        self.createdAt = createdAt
    }

    /// Says whether this image is newer than another, with the id as the last word so that the order is total.
    func isNewer(than other: FoundImage) -> Bool {
        (sequence, createdAt, id.description) > (other.sequence, other.createdAt, other.id.description)
    }
}

extension BootEnvironment {
    /// Rebuilds the environment: what runs now, then the backup where its images exist, then the newest images.
    ///
    /// Every role gets all its attempts. A pending operation is not taken from the backup: to finish a reset that
    /// was finished long ago would destroy data, to forget one only leaves it to the user.
    ///
    /// - Returns: the environment, and for each role where its image was taken from.
    package static func rebuilt(
        from inventory: [FoundImage], backup: BootEnvironment?, running: (role: Role, image: ImageID)?
    ) -> BootEnvironmentReading {
        var rebuilder = EnvironmentRebuilder(inventory: inventory, backup: backup, running: running)
        return rebuilder.rebuilt()
    }
}

/// Fills the roles one by one.
private struct EnvironmentRebuilder {
    let inventory: [FoundImage]
    let backup: BootEnvironment?
    let running: (role: Role, image: ImageID)?
    var result = BootEnvironment()
    var problems: [EnvironmentProblem] = []

    init(inventory: [FoundImage], backup: BootEnvironment?, running: (role: Role, image: ImageID)?) {
        self.inventory = inventory.sorted { $0.isNewer(than: $1) }
        self.backup = backup
        self.running = running
    }

    mutating func rebuilt() -> BootEnvironmentReading {
        // First what is certain, so that the newest image does not get two roles.
        for role in Role.allCases { result.setImage(certainImage(of: role), of: role) }
        for role in Role.allCases where result.image(of: role) == nil {
            result.setImage(newest(for: role), of: role)
        }
        for role in Role.allCases { note(role) }
        takeStatesFromBackup()
        return (result, problems)
    }

    /// The image that runs in a role, or the backup's when it is still there and has no other role already.
    private func certainImage(of role: Role) -> ImageID? {
        if let running, running.role == role { return running.image }
        guard let image = backup?.image(of: role), exists(image, for: role) else { return nil }
        let runsElsewhere = role != .recovery && running?.role != .recovery && running?.image == image
        return runsElsewhere ? nil : image
    }

    /// The newest image on a role's partition that has no role yet.
    private func newest(for role: Role) -> ImageID? {
        let taken = role == .recovery ? [] : [result.active, result.passive]
        return inventory.first { $0.place == Store(of: role) && !taken.contains($0.id) }?.id
    }

    private func exists(_ image: ImageID, for role: Role) -> Bool {
        inventory.contains { $0.id == image && $0.place == Store(of: role) }
    }

    private mutating func note(_ role: Role) {
        let image = result.image(of: role)
        let source =
            switch image {
            case nil: "no image: none was found"
            case let image? where running?.role == role: "\(image), which is running"
            case let image? where backup?.image(of: role) == image: "\(image) from the backup"
            case let image?: "\(image), the newest on its partition"
            }
        problems.append(.init(variable: role.rawValue, found: nil, assumed: source))
    }

    /// Keeps the state of an image that keeps its role, and the user's default when that role has an image.
    private mutating func takeStatesFromBackup() {
        guard let backup else { return }
        for role in [Role.active, .passive] where backup.image(of: role) == result.image(of: role) {
            result.setState(backup.state(of: role) ?? .trial, of: role)
        }
        if result.image(of: backup.defaultRole) != nil { result.defaultRole = backup.defaultRole }
    }
}
