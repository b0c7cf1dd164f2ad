// A token is spoken to by a module that somebody else wrote. Our programs are static and load nothing, so the `openssl` program
// does it, which knows such modules by its PKCS #11 provider or, before that, its engine.
import Faults
import LinuxSystem
import SystemPackage

/// Names a private key that never leaves its token (PKCS #11), and signs with it.
struct TokenKey {
    /// The ways in which `openssl` reaches tokens, the newer first.
    private enum Way {
        case provider
        case engine

        /// Options that load what speaks to the token.
        var options: [String] {
            switch self {
            case .provider: ["-provider", "default", "-provider", "pkcs11"]
            case .engine: ["-engine", "pkcs11"]
            }
        }

        /// What an option for the form of a key is; the provider finds it out.
        func form(_ option: String) -> [String] { self == .engine ? [option, "engine"] : [] }
    }

    /// The longest that a token may take; a person may have to touch it.
    private static let patience = Duration.seconds(120)
    private static let operation = "using the token"

    /// The public half, which the token gave.
    let publicKey: PublicKey
    private let uri: String
    private let way: Way
    private let pin: [String]

    /// Says whether a text names a key in a token (RFC 7512).
    static func isURI(_ text: String) -> Bool { text.hasPrefix("pkcs11:") }

    /// Asks the token for the public key.
    ///
    /// - Throws: `CryptographyError` when no way leads to the key.
    init(_ uri: String, pinFile: FilePath?) throws(CryptographyError) {
        self.uri = uri
        pin = pinFile.map { ["-passin", "file:\($0)"] } ?? []
        // Asked without the key: a token counts wrong PINs, so only one way is tried with one.
        way = try Self.run(["list", "-providers"] + Way.provider.options, []).succeeded ? .provider : .engine
        let outcome = try Self.run(["pkey", "-in", uri, "-pubout"] + way.options + way.form("-inform") + pin, [])
        guard outcome.succeeded else {
            throw CryptographyError(
                .program, Self.operation, Self.shown(uri), cause: Self.reason(outcome),
                remedy: "Check the URI and the PIN, and that openssl's pkcs11 provider or engine is installed.")
        }
        publicKey = try PublicKey(pem: outcome.standardOutput)
    }

    /// Signs a message, and checks the signature: a wrong one of a broken token must go nowhere.
    ///
    /// - Throws: `CryptographyError`.
    func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let outcome = try Self.run(
            ["dgst", "-sha256", "-sign", uri] + way.options + way.form("-keyform") + pin, message)
        guard outcome.succeeded, try publicKey.verify(signature: outcome.standardOutput, of: message) == .valid else {
            let cause = outcome.succeeded ? "its signature is wrong" : Self.reason(outcome)
            throw CryptographyError(
                .program, Self.operation, Self.shown(uri), cause: cause, remedy: "Check the PIN and the token.")
        }
        return outcome.standardOutput
    }

    private static func run(_ arguments: [String], _ input: [UInt8]) throws(CryptographyError) -> ChildProcess.Outcome {
        do throws(ProcessError) {
            return try ChildProcess.run(
                "openssl", arguments, input: .bytes(input), output: .capture(atMost: 64 << 10), timeout: patience)
        } catch {
            throw CryptographyError(
                .program, operation, "with openssl", because: error, remedy: "Install openssl and its pkcs11 provider.")
        }
    }

    /// What the program said first, without what it says always and what has the PIN in it.
    private static func reason(_ outcome: ChildProcess.Outcome) -> String {
        let lines = String(decoding: outcome.standardError, as: UTF8.self).split(separator: "\n")
        let telling = lines.filter { !$0.hasSuffix("set.") && !PEMText.holds($0, "pin-value") }.prefix(2)
        return telling.isEmpty ? "openssl gives no reason" : telling.joined(separator: "; ")
    }

    /// The URI for a message: without the PIN.
    static func shown(_ uri: String) -> String {
        let parts = uri.split(separator: "?", maxSplits: 1)
        let head = parts.first.map(String.init) ?? ""
        guard parts.count == 2 else { return head }
        let kept = parts[1].split(separator: "&").filter { !$0.hasPrefix("pin-value=") }
        return kept.isEmpty ? head : "\(head)?\(kept.joined(separator: "&"))"
    }
}
