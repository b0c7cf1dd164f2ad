import DocumentTree

extension CloudConfig {
    /// Whether a key at the top of a file is one of cloud-init's that is understood.
    static func isKnown(_ key: String) -> Bool { table.entries.contains { $0.name == key } }

    /// The steps that the keys stand for, by stage, in cloud-init's order.
    func lowered() -> OEMFile {
        var file = OEMFile()
        file.add(nameSteps, to: "initramfs")
        let users = resolvedUsers(&file.remarks)
        file.add(bootSteps(users, &file.remarks), to: "boot")
        file.add(networkSteps(users, &file.remarks), to: "network")
        file.stages.removeAll { $0.steps.isEmpty }
        return file
    }

    /// Keeps the elements that could be read; the others become remarks.
    func kept<Element>(_ list: Apart<Element>, _ remarks: inout [OEMRemark]) -> [Element] {
        var elements: [Element] = []
        for result in list {
            switch result {
            case .success(let element): elements.append(element)
            case .failure(let error): remarks.append(OEMRemark(.step, error))
            }
        }
        return elements
    }

    /// Where the first of some keys stands that is there.
    func mark(of keys: String...) -> DocumentMark {
        keys.lazy.compactMap { marks[$0] }.first ?? DocumentMark(line: 1, column: 1)
    }

    /// A step of a name that is filled in.
    func step(_ name: String, at mark: DocumentMark, _ fill: (inout StageStep) -> Void) -> StageStep {
        var step = StageStep()
        step.name = name
        step.mark = mark
        fill(&step)
        return step
    }

    private var nameSteps: [StageStep] {
        let isFull = prefersFullName || hostname == nil
        guard !keepsHostname, let name = isFull ? fullName ?? hostname : hostname else { return [] }
        // Of a full name the first label is the hostname, unless the full one is asked for.
        let short = prefersFullName ? name.value : Self.label(of: name.value)
        return [
            step("hostname", at: name.mark) { step in
                step.hostname = Placed(short, at: name.mark)
                if managesHosts || fullName != nil {
                    step.cloud = [.hosts(fullName: fullName?.value, mark: name.mark)]
                }
            }
        ]
    }

    /// The text before the first dot; a template is left whole.
    private static func label(of name: String) -> String {
        if name.utf8.contains(0x7B) { return name }
        return name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: true).first.map(String.init) ?? name
    }

    private func bootSteps(_ users: [UserDirective], _ remarks: inout [OEMRemark]) -> [StageStep] {
        var steps: [StageStep] = []
        if let script = bootScript { steps.append(self.step("bootcmd", script)) }
        steps += fileSteps(&remarks) { !$0.isDeferred && $0.source == nil } + diskSteps(&remarks) + certificateSteps
        steps += accountSteps(users, &remarks) + settingSteps
        return steps
    }

    private func networkSteps(_ users: [UserDirective], _ remarks: inout [OEMRemark]) -> [StageStep] {
        var ignored: [OEMRemark] = []
        var steps = fileSteps(&ignored) { !$0.isDeferred && $0.source != nil } + keySteps(users, fetched: true)
        var packages = packages
        packages.install = kept(packageNames, &remarks).flatMap(\.self)
        if packages != PackagesDirective() {
            steps.append(
                step("packages", at: mark(of: "packages", "package_update", "package_upgrade")) {
                    $0.packages = packages
                })
        }
        steps += fileSteps(&ignored) { $0.isDeferred }
        if let script = runScript {
            steps.append(step("runcmd", script))
            if script.looksLikeInstallation { remarks.append(Self.everyBoot(script)) }
        }
        if let text = finalMessage {
            steps.append(step("final_message", at: text.mark) { $0.cloud = [.message(text.value, mark: text.mark)] })
        }
        if let power { steps.append(step("power_state", at: power.mark) { $0.cloud = [.power(power)] }) }
        return steps
    }

    private func step(_ name: String, _ script: ScriptKey) -> StageStep {
        step(name, at: script.mark) { $0.cloud = [.script(name: name, text: script.text, mark: script.mark)] }
    }

    private static func everyBoot(_ script: ScriptKey) -> OEMRemark {
        OEMRemark(
            .note, at: script.mark,
            "runcmd runs at every boot; what is to run once belongs into a step of 'stages' with 'once: true'")
    }

    private func fileSteps(
        _ remarks: inout [OEMRemark], where isWanted: (FileDirective) -> Bool
    ) -> [StageStep] {
        let files = kept(files, &remarks).filter(isWanted)
        guard let first = files.first else { return [] }
        return [step("write_files", at: first.mark) { $0.files = files }]
    }
}

extension ScriptKey {
    /// Whether it seems to do what is needed once only.
    var looksLikeInstallation: Bool {
        let words = text.split { $0 == " " || $0 == "\n" || $0 == "'" }
        return zip(words, words.dropFirst()).contains { first, second in
            ["apt", "apt-get", "dnf", "yum", "zypper", "pip", "pip3", "snap", "apk"].contains(first)
                && ["install", "add", "in", "-y"].contains(second)
        } || words.contains("mkfs.ext4") || words.contains("git") && words.contains("clone")
    }
}
