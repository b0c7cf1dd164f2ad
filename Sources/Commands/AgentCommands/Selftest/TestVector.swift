/// One signature that OpenSSL's command line made, and the key it was made with, whose private half is gone.
enum TestVector {
    /// The signed message.
    static let message = "lifeboot selftest"
    /// Its SHA-256.
    static let digest = "218d30cdd30751b072f2904393f26931316ba92af80518127e3c875709586671"
    /// The signature: ECDSA P-256 over SHA-256, DER, Base64.
    static let signature =
        "MEUCIC8W+RLNdqboQbUBoprn75EOdmfTQF5SHwrZzxxtRMsiAiEAu+T0yyjJCd2ekvG7S4B/61Vv/qH674FUzKQi5yu218Y="
    /// The public key.
    static let publicKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEreKyOTG7yPmSFpLMRni/kCvCc8E+
        brcvMczV0BospxAtLbJZjOWg49mwvF+W+NEDZ8atltHvqTh0/1/LCZjhhA==
        -----END PUBLIC KEY-----

        """
}
