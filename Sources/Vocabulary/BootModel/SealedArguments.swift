/// Which arguments of the kernel a sealed system accepts: those of the boot protocol and of the signed manifest.
package enum SealedArguments {
    /// Names that GRUB gives a value of its own (grub/grub.cfg), each once.
    private static let named: Set<String> = [
        // What GRUB's `linux` puts in front, and what the kernel's EFI stub reads.
        "BOOT_IMAGE", "initrd",
        "lifeboot.role", "lifeboot.image", "lifeboot.boot", "lifeboot.reason", "lifeboot.tries", "lifeboot.grub",
    ]
    /// Words that GRUB adds, each once.
    private static let fixed: Set<String> = [
        "panic=5", "rd.emergency=reboot", "rd.shell=0", "systemd.crash_reboot", "systemd.crash_shell=0",
    ]

    /// The words that neither the protocol nor the manifest has, in order; empty when all is as it was signed.
    ///
    /// - Parameter signed: the arguments of the manifest.
    package static func foreign(in line: KernelCommandLine, signed: [String]) -> [String] {
        // As the kernel reads them: quotes are no part of a word.
        var allowed = KernelCommandLine(parsing: signed.joined(separator: " ")).words.map(\.text)
        var (named, fixed) = (named, fixed)
        let foreign = line.words.filter { word in
            if named.remove(word.name) != nil { return false }
            if fixed.remove(word.text) != nil { return false }
            guard let place = allowed.firstIndex(of: word.text) else { return true }
            allowed.remove(at: place)
            return false
        }
        return foreign.map(\.text) + line.initArguments
    }
}

extension KernelCommandLine.Word {
    /// The word as it stands on the command line, without quotes.
    var text: String { value.map { "\(name)=\($0)" } ?? name }
}
