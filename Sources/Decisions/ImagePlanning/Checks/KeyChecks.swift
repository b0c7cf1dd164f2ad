/// Questions about keys: what the agent would trust, and what does not belong into an image.
enum KeyChecks {
    static let all: [ImageCheck] = [
        ImageCheck(
            "signing-key", .error, "the key that signs is not among those that the image will be verified with",
            remedy:
                "Put its public half into /usr/lib/lifeboot/keys/NAME.pem and make the initramfs again, or sign with a key that is there.",
            causes: signer),
        ImageCheck(
            "key-file", .error, "a `*.pem` or `*.pub` file in a folder of keys is no public key that the agent can use",
            remedy: "Leave only PEM public keys of ECDSA P-256 there, as 'boatyard key generate' makes them."
        ) { facts in
            facts.allKeys.compactMap { key, place in
                guard case .noKey(let reason) = key.content else { return nil }
                return "\(place)/\(key.path) is no public key: \(reason)"
            }
        },
        ImageCheck(
            "private-key", .error,
            "a private key lies in a folder of keys, or the private half of a trusted key anywhere",
            remedy: "Take it out, and make a new key: whoever has the image has this one.", causes: privateKeys),
    ]

    /// Where it could be read the initramfs decides, because it verifies; else what dracut would have put into it.
    private static func signer(_ facts: ImageFacts) -> [String] {
        guard facts.purpose == .signing else { return [] }
        if facts.initramfs != nil { return signer(amongst: facts.initrdKeys, "the initramfs", isNeeded: true) }
        let copied = facts.keys.filter { RootfsRules.isKey(path: $0.path) }
        return signer(amongst: copied, "the root filesystem", isNeeded: false)
    }

    private static func signer(amongst keys: [KeyFile], _ place: String, isNeeded: Bool) -> [String] {
        let count = keys.filter { $0.path.hasSuffix(".pem") || isNeeded }
        if count.contains(where: { $0.content == .publicKey(isSigner: true) }) { return [] }
        if keys.isEmpty { return isNeeded ? ["\(place) has no keys, the image would not boot"] : [] }
        let names = keys.map { "/\($0.path)" }.sorted().joined(separator: ", ")
        if !isNeeded, keys.contains(where: { $0.content == .publicKey(isSigner: true) }) {
            return ["dracut takes only *.pem into the initramfs, of \(names); the image would not boot"]
        }
        return ["the keys of \(place) (\(names)) do not include the signing key, the image would not boot"]
    }

    private static func privateKeys(_ facts: ImageFacts) -> [String] {
        facts.allKeys.compactMap { key, place in
            guard case .privateKey(let isOurs) = key.content else { return nil }
            if isOurs { return "\(place)/\(key.path) is the private half of a key that the image trusts" }
            return RootfsRules.isInKeyFolder(path: key.path) ? "\(place)/\(key.path) is a private key" : nil
        }
    }
}

extension ImageFacts {
    /// All key files, and what to write before their paths.
    fileprivate var allKeys: [(KeyFile, String)] { keys.map { ($0, "") } + initrdKeys.map { ($0, "the initramfs' ") } }
}
