import { expect, type Locator, type Page } from '@playwright/test';

/** The chat as a visitor uses it. */
export class ChatPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get launcher(): Locator {
    return this.page.locator('.launcher');
  }

  get panel(): Locator {
    return this.page.getByRole('dialog');
  }

  get field(): Locator {
    return this.panel.getByRole('textbox', { name: /Your message|你的消息/ });
  }

  get messages(): Locator {
    return this.panel.locator('.message .bubble, .message .file, .message .picture');
  }

  /** A sentence of the panel; what is hidden is also found, so ask whether it is visible. */
  text(text: string | RegExp): Locator {
    return this.panel.getByText(text);
  }

  message(text: string): Locator {
    return this.panel.getByRole('log').locator('.message').filter({ hasText: text });
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await expect(this.panel).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
    await expect(this.message(text)).toBeVisible();
  }
}
