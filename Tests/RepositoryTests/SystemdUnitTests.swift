import Testing

@Suite("The units of the booted system")
struct SystemdUnitTests {
    /// The settings of a unit, `Name=value` each.
    private static func settings(_ path: String) throws -> [String] {
        try Repository.text(path).split(separator: "\n").map(String.init).filter {
            !$0.hasPrefix("#") && $0.contains("=")
        }
    }

    @Test("no boot waits for the upgrade of recovery, and it begins only once the boot is healthy")
    func recoveryUpgrade() throws {
        let unit = "lifeboot-recovery-upgrade.service"
        let paths = Repository.files.filter { $0.hasPrefix("system/systemd/system/") }
        let path = try #require(paths.first { $0.hasSuffix("/\(unit)") })
        for other in paths where other != path {
            #expect(try !Self.settings(other).contains { $0.contains(unit) }, "\(other)")
        }
        let settings = try Self.settings(path)
        #expect(settings.contains("Type=exec"), "its job ends when the program starts")
        #expect(settings.contains("ConditionPathExists=/run/lifeboot/healthy"))
        #expect(settings.contains("ConditionPathExists=!/run/lifeboot/recovery_mode"))
        #expect(settings.contains { $0.hasPrefix("After=") && $0.contains("lifeboot-mark-good.service") })
        #expect(settings.contains { $0.hasPrefix("After=") && $0.contains("multi-user.target") })
        let orders = ["Before=", "RequiredBy=", "OnFailure=", "FailureAction=", "SuccessAction="]
        #expect(!settings.contains { setting in orders.contains { setting.hasPrefix($0) } })
        #expect(settings.contains { $0.hasPrefix("Nice=") })
    }

    @Test("no boot waits for an upgrade that nobody asked for, which is off, and begins only once the boot is healthy")
    func unattendedUpgrade() throws {
        let paths = Repository.files.filter { $0.hasPrefix("system/systemd/system/") }
        for path in paths where !path.contains("/lifeboot-update.") {
            #expect(try !Self.settings(path).contains { $0.contains("lifeboot-update") }, "\(path)")
        }
        let settings = try Self.settings(try #require(paths.first { $0.hasSuffix("/lifeboot-update.service") }))
        #expect(settings.contains("Type=exec"), "its job ends when the program starts")
        #expect(settings.contains("ExecStart=/usr/bin/lifeboot upgrade --unattended"))
        #expect(settings.contains("ConditionPathExists=/run/lifeboot/healthy"))
        for mode in ["recovery_mode", "live_mode"] {
            #expect(settings.contains("ConditionPathExists=!/run/lifeboot/\(mode)"))
        }
        let orders = ["Before=", "RequiredBy=", "WantedBy=", "OnFailure=", "FailureAction=", "SuccessAction="]
        #expect(!settings.contains { setting in orders.contains { setting.hasPrefix($0) } })
        #expect(settings.contains { $0.hasPrefix("Nice=") })
        let preset = try Repository.text("system/systemd/system-preset/50-lifeboot.preset")
        #expect(preset.contains("disable lifeboot-update.timer\n"))
        #expect(!preset.contains("enable lifeboot-update"))
    }

    @Test("every unit that can be enabled is in the preset")
    func preset() throws {
        let preset = try Repository.text("system/systemd/system-preset/50-lifeboot.preset")
        for path in Repository.files where path.hasPrefix("system/systemd/system/") {
            guard try Repository.text(path).contains("[Install]"), let name = path.split(separator: "/").last else {
                continue
            }
            // The end of both words, after which the name has to follow.
            #expect(preset.contains("able \(name)\n"), "\(name)")
        }
    }
}
