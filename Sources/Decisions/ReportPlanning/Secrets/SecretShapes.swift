/// Takes out what is a secret by its look, whatever it is called.
enum SecretShapes {
    /// What tokens of services begin with.
    private static let tokens = [
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glrt-", "xoxb-", "xoxp-", "xoxa-", "xoxs-",
        "dckr_pat_", "npm_", "hvs.", "hvb.", "AKIA", "ASIA", "AIza", "eyJ", "AGE-SECRET-KEY-", "tskey-", "sk_live_",
        "rk_live_", "SG.", "dop_v1_", "pypi-", "ya29.", "K10",
    ].map { Array($0.utf8) }
    private static let bearer = Array("bearer ".utf8)
    private static let grub = Array("grub.pbkdf2.".utf8)
    private static let address = Array("://".utf8)
    /// How far before its query an address begins at most.
    private static let addressLimit = 2_048
    /// The least length of what follows a token's beginning, and of base64 that is taken for a key.
    private static let (tokenLength, keyLength) = (12, 44)

    /// The line without them.
    static func removed(from line: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var place = 0
        while place < line.count {
            if let secret = secret(in: line, at: place) {
                output += line[place..<secret.lowerBound] + SecretRemoval.markBytes
                place = secret.upperBound
            } else {
                output.append(line[place])
                place += 1
            }
        }
        return output
    }

    /// What has to go of what begins at a place.
    private static func secret(in line: [UInt8], at place: Int) -> Range<Int>? {
        if line[place...].starts(with: address) { return credentials(line, place + address.count) }
        if line[place] == UInt8(ascii: "?") { return query(line, place) }
        if let hash = hash(line, place) { return hash }
        guard place == 0 || !isTokenByte(line[place - 1]) else { return nil }
        return word(line, place)
    }

    // MARK: Addresses

    /// `user:password@` behind `://`.
    private static func credentials(_ line: [UInt8], _ start: Int) -> Range<Int>? {
        let word = line[start...].prefix { $0 > 0x20 && $0 != 0x22 && $0 != 0x27 }
        let authority = word.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        if let end = authority.lastIndex(of: UInt8(ascii: "@")) { return start..<end }
        // A password with a slash that nobody has encoded.
        guard let colon = authority.firstIndex(of: UInt8(ascii: ":")), let end = word.lastIndex(of: UInt8(ascii: "@")),
            !authority[(colon + 1)...].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return start..<end
    }

    /// What follows the question mark of an address, where signatures and tokens are.
    private static func query(_ line: [UInt8], _ mark: Int) -> Range<Int>? {
        let word = line[max(0, mark - addressLimit)..<mark].suffix(while: { $0 > 0x20 && $0 != 0x22 && $0 != 0x27 })
        guard Array(word).place(of: address, from: 0) != nil else { return nil }
        let end = line[mark...].firstIndex { $0 <= 0x20 || $0 == 0x22 || $0 == 0x27 } ?? line.count
        return end > mark + 1 ? (mark + 1)..<end : nil
    }

    // MARK: Hashes

    /// A hash of crypt(5), with or without a backslash before its dollars; one of GRUB or of LDAP.
    private static func hash(_ line: [UInt8], _ place: Int) -> Range<Int>? {
        if line[place...].starts(with: grub) { return place..<wordEnd(line, place) }
        if line[place] == UInt8(ascii: "{") { return directory(line, place) }
        guard line[place] == UInt8(ascii: "$") else { return nil }
        let name = line[(place + 1)...].prefix {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
        let second = line[name.endIndex...].drop { $0 == UInt8(ascii: "\\") }
        guard (1...12).contains(name.count), second.first == UInt8(ascii: "$") else { return nil }
        let rest = second.dropFirst().prefix { isHashByte($0) }
        return rest.count >= 8 ? place..<rest.endIndex : nil
    }

    private static func directory(_ line: [UInt8], _ place: Int) -> Range<Int>? {
        let name = line[(place + 1)...].prefix { $0 != UInt8(ascii: "}") }
        let known = ["SSHA", "SHA", "MD5", "SMD5", "CRYPT", "PBKDF2", "SSHA256", "SSHA512", "ARGON2"]
        guard name.count < 9, known.contains(String(decoding: name, as: UTF8.self)) else { return nil }
        let end = wordEnd(line, place)
        return end > name.endIndex + 8 ? place..<end : nil
    }

    private static func isHashByte(_ byte: UInt8) -> Bool {
        isTokenByte(byte) || [0x24, 0x2C, 0x3D, 0x2F, 0x2B, 0x5C, 0x7B, 0x7D].contains(byte)
    }

    // MARK: Tokens

    private static func word(_ line: [UInt8], _ place: Int) -> Range<Int>? {
        if Array(line[place...].prefix(bearer.count)).lowercased == bearer {
            let start = place + bearer.count
            let end = wordEnd(line, start)
            if end >= start + 6 { return start..<end }
        }
        let word = line[place...].prefix { isTokenByte($0) || $0 == 0x2F || $0 == 0x2B || $0 == 0x3D || $0 == 0x3A }
        if tokens.contains(where: { word.starts(with: $0) && word.count >= $0.count + tokenLength }) {
            return word.startIndex..<word.endIndex
        }
        return isKey(word) || isJoinToken(word) ? word.startIndex..<word.endIndex : nil
    }

    /// Base64 as long as a key: neither a path nor hexadecimal digits, nor a key that is public.
    private static func isKey(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count >= keyLength, word.first != 0x2F, !word.starts(with: "AAAA".utf8),
            word.allSatisfy({
                isTokenByte($0) && $0 != 0x2E && $0 != 0x2D && $0 != 0x5F || [0x2F, 0x2B, 0x3D].contains($0)
            })
        else { return false }
        return word.contains { (0x41...0x5A).contains($0) } && word.contains { (0x61...0x7A).contains($0) }
            && word.contains { (0x30...0x39).contains($0) } && !word.allSatisfy(isHexadecimal)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// A token of kubeadm: six characters, a dot, sixteen.
    private static func isJoinToken(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count == 23, word[word.startIndex + 6] == UInt8(ascii: ".") else { return false }
        let rest = word.filter { $0 != UInt8(ascii: ".") }
        return rest.count == 22 && rest.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
            && rest.contains { (0x30...0x39).contains($0) }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool { SecretNames.isNameByte(byte) }

    private static func wordEnd(_ line: [UInt8], _ place: Int) -> Int {
        line[place...].firstIndex { $0 <= 0x20 || $0 == 0x22 || $0 == 0x27 } ?? line.count
    }
}

extension ArraySlice<UInt8> {
    /// The longest end whose bytes are all so.
    fileprivate func suffix(while isSo: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        self[(lastIndex { !isSo($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
