/// Names what an image is for on this machine; also the suffix of the variables shared with GRUB.
package enum Role: String, CaseIterable, Sendable {
    /// The image that boots by default.
    case active
    /// The newest image known good: what runs when active does not.
    case passive
    /// The image that repairs the machine, on a partition of its own.
    case recovery
}
