import type { CDPSession, Page } from 'playwright-core';

export interface VirtualKeyTraits {
  /** `internal`: the fingerprint of this device; `usb`: a thing in a port. */
  readonly transport: 'internal' | 'usb';
  readonly verifies?: boolean;
  readonly resident?: boolean;
}

/** Chromium's own virtual authenticator in one page: a real browser, and nothing but the finger is made up. */
export class VirtualKey {
  readonly #cdp: CDPSession;
  readonly #id: string;

  private constructor(cdp: CDPSession, id: string) {
    this.#cdp = cdp;
    this.#id = id;
  }

  static async plugIn(page: Page, { transport, verifies = true, resident = true }: VirtualKeyTraits) {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport,
        hasResidentKey: resident,
        hasUserVerification: verifies,
        isUserVerified: verifies,
        automaticPresenceSimulation: true,
      },
    });
    return new VirtualKey(cdp, authenticatorId);
  }

  async pullOut(): Promise<void> {
    await this.#cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: this.#id });
    await this.#cdp.detach();
  }

  /** Bends the next answers. */
  async bend(bits: { isBogusSignature?: boolean; isBadUV?: boolean; isBadUP?: boolean }): Promise<void> {
    await this.#cdp.send('WebAuthn.setResponseOverrideBits', { authenticatorId: this.#id, ...bits });
  }

  /** Nobody touches it. */
  async setPresence(enabled: boolean): Promise<void> {
    await this.#cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: this.#id, enabled });
  }

  async setVerified(isUserVerified: boolean): Promise<void> {
    await this.#cdp.send('WebAuthn.setUserVerified', { authenticatorId: this.#id, isUserVerified });
  }

  async credentials() {
    const { credentials } = await this.#cdp.send('WebAuthn.getCredentials', { authenticatorId: this.#id });
    return credentials;
  }

  /** The same key with its counter set back: what a copy would be. */
  async clone(signCount: number): Promise<void> {
    const [credential] = await this.credentials();
    if (!credential) throw new Error('there is nothing on this key');
    await this.#cdp.send('WebAuthn.removeCredential', {
      authenticatorId: this.#id,
      credentialId: credential.credentialId,
    });
    await this.#cdp.send('WebAuthn.addCredential', {
      authenticatorId: this.#id,
      credential: { ...credential, signCount },
    });
  }
}
