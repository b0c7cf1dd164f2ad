/// Says why GRUB chose a role; passed to the kernel as `lifeboot.reason=`.
package enum BootReason: String, CaseIterable, Sendable {
    /// The user's standing choice (`default`).
    case `default`
    /// The user's choice for one boot (`next`).
    case next
    /// What was chosen could not be tried, so the next role in order is.
    case fallback
    /// A choice by hand in the menu; never counted.
    case menu
    /// Recovery has an operation to finish (`pending`).
    case pending
    /// Every attempt is spent or unusable: whatever can be loaded.
    case rescue
}
