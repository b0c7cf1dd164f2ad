package import GrubEnvironment
package import ImageModel

/// Whether recovery is to get the image of active: derived from the roles and the images, never written down.
///
/// A recovery that nobody has booted is no recovery, so active has to be healthy once before its image comes to recovery.
package enum RecoveryFollowing: Equatable, Sendable {
    /// Recovery is as new as active, or there is nothing that could come to it.
    case settled
    /// Active is newer, and has not been healthy yet.
    case waiting(ImageID)
    /// Active is newer, and has been healthy: only the copy is missing.
    case due(ImageID)
    /// Active is newer, but recovery is to stay what it is: the policy says so, or the upgrade did.
    case kept(ImageID)
    /// It cannot be told, for this reason.
    case unknown(String)

    /// Finds out.
    ///
    /// - Parameter stays: whether recovery is to stay what it is.
    package init(_ environment: BootEnvironment, state: StoreFacts, recovery: StoreFacts, stays: Bool) {
        guard let active = environment.active, environment.activeState != .bad, environment.pending == nil else {
            self = .settled
            return
        }
        for (name, store) in [("state", state), ("recovery", recovery)] {
            guard let problem = store.problem else { continue }
            self = .unknown("the \(name) partition could not be read: \(problem)")
            return
        }
        guard let image = state.image(active), image.isWhole, environment.recovery != active else {
            self = .settled
            return
        }
        self = Self.compared(image, recovery.image(environment.recovery), environment.activeState, stays)
    }

    private static func compared(
        _ image: StoreFacts.Image, _ current: StoreFacts.Image?, _ state: ImageState, _ stays: Bool
    ) -> RecoveryFollowing {
        // One that cannot start is replaced, however new it is.
        if let current, current.isWhole {
            guard let age = image.age, let isNewer = current.age.flatMap({ age.isNewer(than: $0) }) else {
                return .unknown("nobody knows which of \(image.id) and \(current.id) is newer")
            }
            guard isNewer else { return .settled }
        }
        if stays { return .kept(image.id) }
        return state == .good ? .due(image.id) : .waiting(image.id)
    }
}
