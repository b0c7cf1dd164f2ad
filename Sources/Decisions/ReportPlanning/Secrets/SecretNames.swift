/// Knows by the name of a key or variable that its value is secret.
enum SecretNames {
    /// What is secret wherever it stands in a name; without case, and without what separates words.
    private static let parts = [
        "password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "authorization", "apikey",
        "accesskey", "privatekey", "presharedkey", "sharedkey", "encryptionkey", "signingkey", "sessionkey",
        "licensekey", "licencekey", "authkey", "masterkey", "recoverykey", "unlockkey", "keydata", "activationcode",
        "registrationcode", "regcode", "joincode", "cookie", "connectionstring", "webhook",
    ].map { Array($0.utf8) }
    /// What is secret as the last word of a name.
    private static let words: Set<[UInt8]> = Set(
        [
            "pass", "pwd", "pw", "pin", "auth", "auths", "psk", "pat", "otp", "jwt", "bearer", "private", "wepkey",
            "community", "dsn", "crypted",
        ].map { Array($0.utf8) })
    /// What ends the names of units, which are no keys.
    private static let units = [".path", ".service", ".socket", ".target", ".timer", ".mount", ".slice"].map {
        Array($0.utf8)
    }

    /// Whether the value behind a name is secret.
    static func isSecret(_ name: ArraySlice<UInt8>) -> Bool {
        let lower = Array(name).lowercased
        if units.contains(where: { lower.count > $0.count && lower.suffix($0.count).elementsEqual($0) }) {
            return false
        }
        let joined = lower.filter { !isSeparator($0) }
        if parts.contains(where: { joined.place(of: $0, from: 0) != nil }) { return true }
        let last = lower.split(whereSeparator: isSeparator).last ?? []
        // Also as one word of a compound in capitals: camelCase ends in a word that begins with one.
        return words.contains(Array(last)) || words.contains(lastHump(name))
    }

    /// Whether a byte may stand in a name.
    static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
            || isSeparator(byte)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    /// The last word of `rootPw`.
    private static func lastHump(_ name: ArraySlice<UInt8>) -> [UInt8] {
        guard let start = name.lastIndex(where: { (0x41...0x5A).contains($0) }), start > name.startIndex,
            !(0x41...0x5A).contains(name[start - 1])
        else { return [] }
        return Array(name[start...]).lowercased
    }
}
