/// Names the programs for UEFI of one kind of machine, in an image and on the disk that it starts from.
package struct LoaderNames: Equatable, Sendable {
    /// The machine, as programs have it in their names.
    package let machine: String
    /// What firmware starts of a disk or medium, without being told of it.
    package var firmware: String { "BOOT\(machine.uppercased()).EFI" }
    /// What firmware verifies, and what verifies all that follows.
    package var shim: String { "shim\(machine).efi" }
    /// What shim starts: the name is built into it.
    package var grub: String { "grub\(machine).efi" }
    /// What shim starts when somebody has a key to add: that name, too.
    package var manager: String { "mm\(machine).efi" }

    /// Most machines, and those with an ARM processor.
    package static let (x64, aa64) = (LoaderNames(machine: "x64"), LoaderNames(machine: "aa64"))
    /// All that are known.
    package static let all = [x64, aa64]
}

/// Names a file that firmware or the program before it starts, in the order in which they are written.
///
/// Whatever stands before shim is written before it: shim makes the machine refuse an older GRUB from then on, and an older
/// shim starts every newer GRUB of its distribution.
package enum LoaderFile: String, CaseIterable, Sendable {
    /// Where the distribution's GRUB looks for its configuration; it leads to ours.
    case configuration
    /// What adds keys.
    case manager
    /// The distribution's GRUB.
    case grub
    /// What firmware starts: shim, or GRUB of our own making.
    case firmware

    /// The folder of programs on a disk and on a medium.
    package static let folder = "/EFI/BOOT"
}
