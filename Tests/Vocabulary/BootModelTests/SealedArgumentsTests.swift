import Testing

@testable import BootModel

@Suite("Arguments of a sealed system")
struct SealedArgumentsTests {
    private static let grub =
        "BOOT_IMAGE=(hd0,gpt5)/images/x/vmlinuz lifeboot.role=active lifeboot.image=0123456789abcdef "
        + "lifeboot.boot=PARTUUID=1-2 lifeboot.reason=default lifeboot.tries=2 lifeboot.grub=a "
        + "console=ttyS0 console=tty0 quiet panic=5 rd.emergency=reboot rd.shell=0 systemd.crash_reboot "
        + "systemd.crash_shell=0"
    private static let signed = ["console=ttyS0", "console=tty0", "quiet"]

    private static func foreign(_ line: String) -> [String] {
        SealedArguments.foreign(in: KernelCommandLine(parsing: line), signed: signed)
    }

    @Test("what GRUB and the manifest say is accepted, an uncounted boot's too")
    func accepted() {
        #expect(Self.foreign(Self.grub) == [])
        #expect(Self.foreign(Self.grub.split(separator: " rd.emergency")[0] + " initrd=x") == [])
    }

    @Test(
        "anything else is named, wherever it stands",
        arguments: [
            "init=/bin/sh", "lifeboot.verity=off", "lifeboot.debug-rw", "lifeboot.disable", "rd.break", "single",
            "systemd.unit=rescue.target", "lifeboot.overlay=LABEL=x", "lifeboot.volume=LABEL=x:/srv", "console=ttyS1",
            "quiet", "panic=5", "panic=0", "lifeboot.role=recovery", "lifeboot.image=fedcba9876543210", "rd.shell=1",
            "elemental.mode=active", "cos-img/filename=/x", "console=ttyS0", "lifeboot.tries",
        ])
    func foreign(word: String) {
        #expect(Self.foreign("\(Self.grub) \(word)") == [word])
        #expect(Self.foreign("\(word) \(Self.grub)").count == 1)
    }

    @Test("words for init, and words in quotes, are no way round it")
    func quoting() {
        #expect(Self.foreign(Self.grub + " -- -b") == ["-b"])
        #expect(Self.foreign(Self.grub + " \"init=/bin/sh -c x\"") == ["init=/bin/sh -c x"])
        #expect(Self.foreign(Self.grub + " ini\"t=/bin/sh\"") == ["init=/bin/sh"])
    }
}
