// What comes of a provider's single answers, which EC2 gives in place of a document.

extension InstanceMetadata {
    /// Takes over an answer that is a text of its own; other kinds are not for this, and change nothing.
    package mutating func take(_ text: [UInt8], as kind: MetadataKind) {
        let trimmed = ByteLines.trimmed(text[...])
        switch kind {
        case .instanceID: instanceID = Self.word(trimmed)
        case .hostname: hostname = Self.word(trimmed)
        case .keys: add(PublicKeys.lines(String(decoding: text, as: UTF8.self)))
        case .userData: userData = text
        case .metadata, .keyList, .vendorData, .network: break
        }
    }

    /// Keeps what one source knows better, and takes the rest from another.
    package func completed(by other: InstanceMetadata) -> InstanceMetadata {
        var whole = self
        whole.instanceID = instanceID ?? other.instanceID
        whole.hostname = hostname ?? other.hostname
        whole.networkReference = networkReference ?? other.networkReference
        whole.userData = userData ?? other.userData
        whole.add(other.publicKeys)
        whole.remarks += other.remarks
        return whole
    }

    private static func word(_ text: ArraySlice<UInt8>) -> String? {
        guard (1...253).contains(text.count), text.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return String(decoding: text, as: UTF8.self)
    }
}

extension MetadataRequest {
    /// The requests that follow from the answer to one for a list of keys: `0=name` a line; at most 64.
    ///
    /// - Returns: none for another kind of request.
    package func following(_ answer: [UInt8]) -> [MetadataRequest] {
        guard kind == .keyList else { return [] }
        let folder = path.hasSuffix("/") ? path : path + "/"
        return ByteLines(answer[...]).prefix(64).compactMap { line in
            let number = line.prefix { $0 != UInt8(ascii: "=") }
            guard (1...6).contains(number.count), number.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return MetadataRequest(
                kind: .keys, path: "\(folder)\(String(decoding: number, as: UTF8.self))/openssh-key")
        }
    }
}
