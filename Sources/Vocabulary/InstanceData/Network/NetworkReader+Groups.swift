import DocumentTree

// What a bond or a bridge says about itself and its members.

/// What is read from the parameters.
private struct Parameters {
    var lines: [NetworkLine] = []
    var primary: String?

    static let bond = DocumentTable<Parameters>(
        "the parameters of a bond", emptyIsAbsent: true,
        NetworkSetting.bond.flatMap { $0.keys { $0.lines.append($1) } }
            + ["primary", "bond-primary"].map { name in
                DocumentKey(name, .linkID, "The member that carries when it can.") { $0.primary = $1 }
            })

    static let bridge = DocumentTable<Parameters>(
        "the parameters of a bridge", emptyIsAbsent: true,
        NetworkSetting.bridge.flatMap { $0.keys { $0.lines.append($1) } })
}

extension NetworkReader {
    /// Reads parameters in the spelling of any version.
    mutating func readParameters(_ node: DocumentNode, of link: inout NetworkLink) {
        guard case .mapping(let pairs) = node.content else {
            return remark(node.mark, "the parameters must be a mapping of keys to values")
        }
        var own: [DocumentPair] = []
        for var pair in pairs {
            pair.key = String(pair.key.map { $0 == "_" ? "-" : $0 })
            let setting = link.kind == .bridge ? NetworkSetting.member.first { $0.names.contains(pair.key) } : nil
            if let setting { readMembers(pair.value, setting, of: &link) } else { own.append(pair) }
        }
        var parameters = Parameters()
        let mapping = DocumentNode(.mapping(own), at: node.mark)
        read(mapping, link.kind == .bond ? Parameters.bond : Parameters.bridge, into: &parameters)
        link.deviceLines += parameters.lines
        link.primary = parameters.primary
    }

    /// Reads values for members: a mapping by name, or `NAME VALUE` as a text or in a list.
    private mutating func readMembers(_ node: DocumentNode, _ setting: NetworkSetting, of link: inout NetworkLink) {
        switch node.content {
        case .mapping(let pairs):
            for pair in pairs { readMember(pair.key, pair.value, setting, of: &link) }
        case .sequence(let elements):
            for element in elements where !element.isSequence { readMembers(element, setting, of: &link) }
        case .scalar(let text, _):
            let words = text.split(separator: " ").map(String.init)
            guard words.count == 2 else {
                return remark(
                    node.mark, "\(setting.names[0]) must name a member and its value, not '\(text.prefix(80))'")
            }
            readMember(words[0], DocumentNode(.scalar(words[1], quoted: false), at: node.mark), setting, of: &link)
        }
    }

    private mutating func readMember(
        _ name: String, _ node: DocumentNode, _ setting: NetworkSetting, of link: inout NetworkLink
    ) {
        do throws(DocumentError) {
            let value = try setting.form.read(node, setting.names[0])
            let line = NetworkLine(section: setting.section, key: setting.key, value: value)
            link.memberLines.append((name, line))
        } catch { remark(error.mark, error.reason) }
    }
}
