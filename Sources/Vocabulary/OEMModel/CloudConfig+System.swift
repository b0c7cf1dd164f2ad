import DocumentTree

// The steps for disks, certificates and settings.
extension CloudConfig {
    func diskSteps(_ remarks: inout [OEMRemark]) -> [StageStep] {
        var steps = grownDevices.compactMap { growStep($0) }
        if !mounts.isEmpty {
            let mark = mark(of: "mounts")
            steps.append(step("mounts", at: mark) { $0.cloud = [.mounts(mounts, mark: mark)] })
        }
        if let swap, swap.bytes != 0 {
            let mark = mark(of: "swap")
            let swap = CloudDirective.swap(path: swap.path, bytes: swap.bytes, limit: swap.limit, mark: mark)
            steps.append(step("swap", at: mark) { $0.cloud = [swap] })
        }
        return steps
    }

    /// Nothing for the root, which is an image, and beside which `persistent` grows by itself.
    private func growStep(_ device: String) -> StageStep? {
        guard device.hasPrefix("/dev/") else { return nil }
        return step("growpart", at: mark(of: "growpart")) { step in
            var layout = LayoutDirective()
            layout.path = device
            layout.expandedSize = 0
            step.layout = layout
        }
    }

    var certificateSteps: [StageStep] {
        guard let first = certificates.first else { return [] }
        return [
            step("ca_certs", at: first.mark) { step in
                for (index, certificate) in certificates.enumerated() {
                    let text = certificate.value.hasSuffix("\n") ? certificate.value : certificate.value + "\n"
                    var file = FileDirective()
                    file.path = "/usr/local/share/ca-certificates/lifeboot-\(index + 1).crt"
                    file.content = FileContent(Array(text.utf8))
                    file.mark = certificate.mark
                    step.files.append(file)
                }
                step.cloud = [.script(name: "ca_certs", text: Self.trust, mark: first.mark)]
            }
        ]
    }

    /// Debian's way, then those of Fedora and SUSE, whichever is there.
    private static let trust = """
        if command -v update-ca-certificates >/dev/null; then update-ca-certificates
        elif command -v update-ca-trust >/dev/null; then
            cp /usr/local/share/ca-certificates/lifeboot-*.crt /etc/pki/ca-trust/source/anchors/ && update-ca-trust
        fi

        """

    var settingSteps: [StageStep] {
        var steps: [StageStep] = []
        if usesTimeServers, !timeServers.isEmpty {
            let servers = timeServers.joined(separator: " ")
            let mark = mark(of: "ntp")
            steps.append(
                step("ntp", at: mark) { step in
                    step.timesyncd = [DocumentMember(name: "NTP", mark: mark, value: servers)]
                    step.reloadedUnits = ["systemd-timesyncd.service"]
                })
        }
        if let timezone {
            steps.append(
                step("timezone", at: timezone.mark) { step in
                    step.cloud = [.timezone(timezone.value, mark: timezone.mark)]
                })
        }
        if let locale { steps += localeSteps(locale) }
        if let keyboard { steps += keyboardSteps(keyboard) }
        return steps
    }

    /// systemd reads the first file; PAM of Debian the second.
    private func localeSteps(_ locale: Placed<String>) -> [StageStep] {
        ["/etc/locale.conf", "/etc/default/locale"].map { path in
            step("locale", at: locale.mark) { step in
                step.environmentFile = path
                step.environment = [DocumentMember(name: "LANG", mark: locale.mark, value: locale.value)]
            }
        }
    }

    /// Debian reads the first file; systemd the second.
    private func keyboardSteps(_ keyboard: KeyboardKeys) -> [StageStep] {
        let mark = mark(of: "keyboard")
        let names = [
            ("XKBMODEL", keyboard.model), ("XKBLAYOUT", keyboard.layout), ("XKBVARIANT", keyboard.variant),
            ("XKBOPTIONS", keyboard.options),
        ]
        let variables = names.map { DocumentMember(name: $0.0, mark: mark, value: $0.1) }
        let console = [DocumentMember(name: "KEYMAP", mark: mark, value: keyboard.layout)]
        return [("/etc/default/keyboard", variables), ("/etc/vconsole.conf", console)].map { path, values in
            step("keyboard", at: mark) { step in
                step.environmentFile = path
                step.environment = values
            }
        }
    }
}
