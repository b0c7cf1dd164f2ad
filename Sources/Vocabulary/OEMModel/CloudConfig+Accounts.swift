import DocumentTree

// The steps for accounts and keys.
extension CloudConfig {
    /// The users of the file; `default` is the one whom `user` names.
    func resolvedUsers(_ remarks: inout [OEMRemark]) -> [UserDirective] {
        var found: [UserDirective] = []
        var isStandardListed = false
        for entry in kept(users, &remarks) {
            switch entry {
            case .user(let user): found.append(user)
            case .standard: isStandardListed = true
            }
        }
        if let defaultUser, isStandardListed || users.isEmpty { found.insert(defaultUser, at: 0) }
        if isStandardListed, defaultUser == nil {
            remarks.append(
                OEMRemark(
                    .note, at: mark(of: "users"),
                    "'default' adds nobody, because an image has no default user; name one with 'user'"))
        }
        return found
    }

    func accountSteps(_ users: [UserDirective], _ remarks: inout [OEMRemark]) -> [StageStep] {
        var steps: [StageStep] = []
        if let first = groups.first { steps.append(step("groups", at: first.mark) { $0.groups = groups }) }
        if let first = users.first {
            let withoutKeys = users.map { user in
                var user = user
                user.keys = []
                return user
            }
            steps.append(step("users", at: first.mark) { $0.users = withoutKeys })
        }
        return steps + keySteps(users, fetched: false) + passwordSteps(users, &remarks) + loginSteps
    }

    /// Keys that are written out, or those that are fetched, for each user.
    func keySteps(_ users: [UserDirective], fetched: Bool) -> [StageStep] {
        let shared = authorizedKeys + importedKeys.map(UserDirective.imported)
        var owners = users.map { AuthorizedKeysDirective(user: $0.name, keys: $0.keys + shared, at: $0.mark) }
        if owners.isEmpty, !shared.isEmpty {
            let mark = mark(of: "ssh_authorized_keys", "ssh_import_id")
            owners = [AuthorizedKeysDirective(user: "root", keys: shared, at: mark)]
        }
        let wanted = owners.compactMap { owner -> AuthorizedKeysDirective? in
            var owner = owner
            owner.keys = owner.keys.filter { $0.isKeyToFetch == fetched }
            return owner.keys.isEmpty ? nil : owner
        }
        guard let first = wanted.first else { return [] }
        return [step("ssh_authorized_keys", at: first.mark) { $0.authorizedKeys = wanted }]
    }

    private func passwordSteps(_ users: [UserDirective], _ remarks: inout [OEMRemark]) -> [StageStep] {
        var entries = kept(passwords, &remarks)
        for index in entries.indices { entries[index].expires = passwordsExpire }
        if let password {
            let user = defaultUser?.name ?? "root"
            entries.append(
                PasswordDirective(
                    user: user, password: .either(password.value), expires: passwordsExpire, at: password.mark))
        }
        guard let first = entries.first else { return [] }
        return [step("chpasswd", at: first.mark) { $0.passwords = entries }]
    }

    /// What sshd is told, in a file of its own.
    private var loginSteps: [StageStep] {
        var text = ""
        if let allowsPasswordLogin { text += "PasswordAuthentication \(allowsPasswordLogin ? "yes" : "no")\n" }
        if let disablesRoot { text += "PermitRootLogin \(disablesRoot ? "no" : "prohibit-password")\n" }
        guard !text.isEmpty else { return [] }
        var file = FileDirective()
        file.path = "/etc/ssh/sshd_config.d/10-lifeboot.conf"
        file.mode = FileMode(0o600)
        file.content = FileContent(Array(text.utf8))
        file.mark = mark(of: "ssh_pwauth", "disable_root")
        return [
            step("ssh_pwauth", at: file.mark) { step in
                step.files = [file]
                step.reloadedUnits = ["ssh.service", "sshd.service"]
            }
        ]
    }
}
