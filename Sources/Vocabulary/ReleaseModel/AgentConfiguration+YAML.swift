package import DocumentTree
package import SystemPackage

extension AgentConfiguration {
    /// Takes over what a file says; keys that it does not have stay as they are.
    ///
    /// - Throws: `ConfigurationError` with file, line and column for an unknown key or a value of the wrong kind.
    package mutating func apply(_ document: DocumentNode, from file: FilePath) throws(ConfigurationError) {
        do throws(DocumentError) { try apply(document) } catch {
            throw ConfigurationError(file, mark: error.mark, error.reason)
        }
    }

    private mutating func apply(_ document: DocumentNode) throws(DocumentError) {
        for pair in try document.pairs("the configuration") {
            switch pair.key {
            case "channel": channel = try pair.value.text("channel")
            case "policy": try policy.apply(pair.value)
            case "registries": try applyRegistries(pair.value)
            case "hooks": try applyHooks(pair.value)
            case "proxy": proxy = try pair.value.text("proxy")
            default: throw pair.unknown("channel, policy, registries, hooks, proxy")
            }
        }
    }

    private mutating func applyRegistries(_ node: DocumentNode) throws(DocumentError) {
        for pair in try node.pairs("registries") {
            guard !pair.key.isEmpty, !pair.key.contains("/") else {
                throw DocumentError(at: pair.mark, "'\(pair.key)' must be a host or host:port, without '/'")
            }
            // Hosts have no case: a later file overrides an earlier one however either spells them.
            let name = pair.key.lowercased()
            var registry = registries[name] ?? Registry()
            try registry.apply(pair.value)
            registries[name] = registry
        }
    }

    private mutating func applyHooks(_ node: DocumentNode) throws(DocumentError) {
        for pair in try node.pairs("hooks") {
            guard pair.key == "strict" else { throw pair.unknown("strict") }
            hooksAreStrict = try pair.value.truth("strict")
        }
    }
}

extension AgentConfiguration.Registry {
    fileprivate mutating func apply(_ node: DocumentNode) throws(DocumentError) {
        for pair in try node.pairs("a registry") {
            switch pair.key {
            case "ca": certificateAuthority = try pair.value.path("ca")
            case "plain-http": plainHTTP = try pair.value.truth("plain-http")
            case "mirrors":
                mirrors = []
                for element in try pair.value.elements("mirrors") { mirrors.append(try element.text("a mirror")) }
            case "auth-file": authFile = try pair.value.path("auth-file")
            default: throw pair.unknown("ca, plain-http, mirrors, auth-file")
            }
        }
    }
}

extension Policy {
    fileprivate mutating func apply(_ node: DocumentNode) throws(DocumentError) {
        for pair in try node.pairs("policy") {
            switch pair.key {
            case "unsigned": unsigned = try pair.value.verdict(pair.key)
            case "local-images": localImages = try pair.value.verdict(pair.key)
            case "downgrade": downgrade = try pair.value.verdict(pair.key)
            case "full-download": fullDownload = try pair.value.verdict(pair.key)
            case "give-up-passive": givingUpPassive = try pair.value.verdict(pair.key)
            case "board": board = try pair.value.text("board")
            default:
                throw pair.unknown("unsigned, local-images, downgrade, full-download, give-up-passive, board")
            }
        }
    }
}

extension DocumentNode {
    fileprivate func verdict(_ name: String) throws(DocumentError) -> Policy.Verdict {
        try choice(name, ["allow", "refuse"]) == "allow" ? .allow : .refuse
    }
}
