import Testing

@testable import KernelModules

@Suite("Settings of modules")
struct ModuleSettingsTests {
    @Test("a file of modprobe.d keeps modules out, gives them options, and its other programs are told")
    func configuration() {
        var settings = ModuleSettings()
        let problems = settings.add(
            configuration: Array(
                """
                # a comment
                blacklist pcspkr
                \toptions usb-storage quirks=1:2:u \\
                    delay_use=0
                options usb_storage swi_tru_install=1
                install cramfs /bin/false
                install dccp /bin/true
                install snd /sbin/modprobe --ignore-install snd && /usr/bin/restore
                remove snd /bin/x
                softdep a pre: b
                blacklist
                """.utf8))
        #expect(settings.blacklist == ["pcspkr"] && settings.disabled == ["cramfs", "dccp"])
        #expect(settings.parameters(of: "usb-storage") == "quirks=1:2:u delay_use=0 swi_tru_install=1")
        #expect(settings.parameters(of: "other").isEmpty)
        #expect(
            problems.count == 1 && problems[0].hasPrefix("install snd") && problems[0].contains("no program is run"))
    }

    @Test(
        "words of the command line keep modules out, bring them in, and give them parameters",
        arguments: [
            ("module_blacklist", "a,b-c", ["a", "b_c"], [], ""), ("modprobe.blacklist", "a", ["a"], [], ""),
            ("rd.driver.blacklist", "a", ["a"], [], ""), ("rd.driver.pre", "softdog,x", [], ["softdog", "x"], ""),
            ("vfio-pci.ids", "1:2", [], [], "ids=1:2"), ("vfio_pci.text", "a b", [], [], "text=\"a b\""),
            ("vfio_pci.flag", nil, [], [], "flag"), ("systemd.unit", "x", [], [], ""), ("quiet", nil, [], [], ""),
            (".x", "y", [], [], ""), ("x.", "y", [], [], ""), ("rd.driver.pre", nil, [], [], ""),
        ] as [(String, String?, [ModuleName], [String], String)])
    func words(name: String, value: String?, blacklist: [ModuleName], first: [String], parameters: String) {
        var settings = ModuleSettings()
        settings.add(word: name, value)
        #expect(settings.blacklist == Set(blacklist) && settings.first == first)
        #expect(settings.parameters(of: "vfio-pci") == parameters)
        #expect(settings.parameters(of: "systemd").isEmpty && settings.parameters(of: "").isEmpty)
    }
}
