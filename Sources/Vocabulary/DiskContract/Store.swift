package import ImageModel

/// A partition that holds images.
package enum Store: String, CaseIterable, Sendable, CustomStringConvertible {
    /// Active and passive.
    case state
    /// Recovery alone.
    case recovery

    /// The store that holds the image of a role.
    package init(of role: Role) { self = role == .recovery ? .recovery : .state }

    /// The roles whose images it holds.
    package var roles: [Role] { self == .recovery ? [.recovery] : [.active, .passive] }

    /// The other one.
    package var other: Store { self == .recovery ? .state : .recovery }

    /// The partition that it is.
    package var partition: Partition { self == .recovery ? .recovery : .state }

    /// Its PARTLABEL, for people and programs.
    package var description: String { rawValue }
}
